package io.apus.corpus.tokenize;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.TokenRow;
import java.util.ArrayList;
import java.util.List;

/**
 * The conversations that a sample becomes, by {@code template_mode}: one for training; chosen and rejected for a preference pair; anchor,
 * positives and negatives for an embedding; for a reranker the question with each document, positives first, as ms-swift lays them out.
 */
final class GroupMembers {
    /**
     * One of them.
     *
     * @param kind one of {@link TokenRow.Kinds}
     */
    record Member(String kind, List<Message> messages) {}

    private GroupMembers() {}

    /** Reasons: {@code no_rejected}, {@code no_label}, {@code no_positive}. */
    static List<Member> of(Sample sample, String mode) throws RefusedSample {
        return switch (mode) {
            case "rlhf" -> pair(sample);
            case "kto" -> labelled(sample);
            case "embedding" -> ranked(sample, false);
            case "reranker" -> ranked(sample, true);
            default -> List.of(own(sample));
        };
    }

    /** Whether every conversation of the mode has tokens to be predicted; in the others the whole conversation is judged. */
    static boolean isSupervised(String mode) {
        return !mode.equals("embedding") && !mode.equals("reranker");
    }

    private static Member own(Sample sample) {
        return new Member(TokenRow.Kinds.MESSAGES, sample.messages());
    }

    private static List<Member> pair(Sample sample) throws RefusedSample {
        if (sample.rejectedMessages() == null || sample.rejectedMessages().isEmpty()) {
            throw new RefusedSample("no_rejected", "template_mode rlhf needs a rejected answer, the sample has none");
        }
        return List.of(own(sample), new Member(TokenRow.Kinds.REJECTED, sample.rejectedMessages()));
    }

    private static List<Member> labelled(Sample sample) throws RefusedSample {
        if (!"true".equals(sample.label()) && !"false".equals(sample.label())) {
            throw new RefusedSample(
                    "no_label", "template_mode kto needs a label that is true or false, it is " + sample.label());
        }
        return List.of(own(sample));
    }

    private static List<Member> ranked(Sample sample, boolean joined) throws RefusedSample {
        if (sample.positiveMessages().isEmpty()) {
            throw new RefusedSample("no_positive", "the sample has no positive_messages");
        }
        List<Member> members = new ArrayList<>(joined ? List.of() : List.of(own(sample)));
        List<Message> before = joined ? sample.messages() : List.of();
        sample.positiveMessages().forEach(each -> members.add(member(TokenRow.Kinds.POSITIVE, before, each)));
        sample.negativeMessages().forEach(each -> members.add(member(TokenRow.Kinds.NEGATIVE, before, each)));
        return members;
    }

    private static Member member(String kind, List<Message> before, List<Message> document) {
        List<Message> messages = new ArrayList<>(before);
        messages.addAll(document);
        return new Member(kind, messages);
    }
}
