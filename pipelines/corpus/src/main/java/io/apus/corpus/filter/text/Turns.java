package io.apus.corpus.filter.text;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** All the turns of a sample: those of the conversation and of its rejected, positive and negative companions. */
public final class Turns {
    private Turns() {}

    /** Every turn, the conversation's own first. */
    public static List<Message> all(Sample sample) {
        List<Message> all = new ArrayList<>(sample.messages());
        if (sample.rejectedMessages() != null) {
            all.addAll(sample.rejectedMessages());
        }
        sample.positiveMessages().forEach(all::addAll);
        sample.negativeMessages().forEach(all::addAll);
        return all;
    }

    /** The sample with {@code edit} applied to the content of every turn. */
    public static Sample edited(Sample sample, UnaryOperator<String> edit) {
        return new Sample(
                sample.key(),
                sample.split(),
                conversation(sample.messages(), edit),
                sample.rejectedMessages() == null ? null : conversation(sample.rejectedMessages(), edit),
                groups(sample.positiveMessages(), edit),
                groups(sample.negativeMessages(), edit),
                sample.label(),
                sample.margin(),
                sample.tools(),
                sample.media(),
                sample.channel(),
                sample.extra());
    }

    private static List<List<Message>> groups(List<List<Message>> groups, UnaryOperator<String> edit) {
        return groups.stream().map(group -> conversation(group, edit)).toList();
    }

    private static List<Message> conversation(List<Message> messages, UnaryOperator<String> edit) {
        return messages.stream()
                .map(turn -> new Message(turn.role(), edit.apply(turn.content()), turn.loss(), turn.lossScale()))
                .toList();
    }
}
