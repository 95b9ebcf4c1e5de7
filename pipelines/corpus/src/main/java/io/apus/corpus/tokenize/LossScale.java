package io.apus.corpus.tokenize;

import io.apus.corpus.template.Rendered;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import io.apus.schemas.spec.TokenizeSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * ms-swift's {@code loss_scale}: which characters of a rendering are trained on and how much they weigh. The bases are {@code default}
 * (all the assistant's turns), {@code last_round} (its turns behind the last message of the user or of a tool) and {@code all}
 * (everything). Types weigh parts of what is trained on; in a chain each weighs the parts of the one before, and the weights multiply. A
 * message's own {@code loss} overrides the base, its {@code loss_scale} the types. The mark that ends a turn weighs 1 where the turn is
 * trained on.
 */
final class LossScale {
    private static final String EMPTY_THINK = "ignore_empty_think";

    /** Characters [start, end) weigh {@code weight}; later spans overrule earlier ones. */
    record Span(int start, int end, float weight) {}

    private final String base;
    private final List<LossType> types;
    private final boolean isBinary;

    private LossScale(String base, List<LossType> types, boolean isBinary) {
        this.base = base;
        this.types = types;
        this.isBinary = isBinary;
    }

    /** {@code isHybridThinking} adds {@code ignore_empty_think}, unless it is there or was disabled, as in ms-swift. */
    static LossScale of(TokenizeSpec spec, boolean isHybridThinking) {
        List<String> names = new ArrayList<>(spec.lossScaleTypes());
        if (isHybridThinking && !spec.disableIgnoreEmptyThink() && !names.contains(EMPTY_THINK)) {
            names.add(EMPTY_THINK);
        }
        return new LossScale(
                spec.lossScaleBase(),
                names.stream().map(LossType::get).toList(),
                Boolean.TRUE.equals(spec.isBinaryLossScale()));
    }

    List<Span> spans(Rendered rendered, List<Message> messages) {
        List<Span> spans = new ArrayList<>();
        int position = 0;
        int lastGiven = lastGiven(messages);
        for (int i = 0; i < rendered.turns().size(); i++) {
            Rendered.Turn turn = rendered.turns().get(i);
            between(rendered.text(), position, turn.start(), spans);
            boolean isLastRound =
                    turn.firstMessage() < 0 ? i == rendered.turns().size() - 1 : turn.firstMessage() > lastGiven;
            turn(rendered.text(), turn, messages, isLastRound, spans);
            position = turn.end();
        }
        between(rendered.text(), position, rendered.text().length(), spans);
        return spans;
    }

    /** What stands around the turns. */
    private void between(String text, int start, int end, List<Span> spans) {
        if (base.equals("all")) {
            weigh(text.substring(start, end), "", start, spans);
        }
    }

    private static int lastGiven(List<Message> messages) {
        int last = messages.size() - 1;
        while (last >= 0 && !isGiven(messages.get(last))) {
            last--;
        }
        return last;
    }

    private static boolean isGiven(Message message) {
        return message.role().equals(Roles.USER) || message.role().equals(Roles.TOOL_RESPONSE);
    }

    private void turn(String text, Rendered.Turn turn, List<Message> messages, boolean isLastRound, List<Span> spans) {
        Boolean loss = null;
        Double scale = null;
        for (int i = Math.max(0, turn.firstMessage()); turn.firstMessage() >= 0 && i <= turn.lastMessage(); i++) {
            loss = loss == null ? messages.get(i).loss() : loss;
            scale = scale == null ? messages.get(i).lossScale() : scale;
        }
        boolean isTrained = loss == null ? !base.equals("last_round") || isLastRound : loss;
        if (!isTrained) {
            spans.add(new Span(turn.start(), turn.end(), 0));
            return;
        }
        if (scale == null) {
            weigh(text.substring(turn.start(), turn.contentEnd()), query(messages, turn), turn.start(), spans);
        } else {
            spans.add(new Span(turn.start(), turn.contentEnd(), scale.floatValue()));
        }
        spans.add(new Span(turn.contentEnd(), turn.end(), scale != null && scale == 0 ? 0 : 1));
    }

    /** What the turn answers. */
    private static String query(List<Message> messages, Rendered.Turn turn) {
        for (int i = turn.firstMessage() - 1; i >= 0; i--) {
            if (isGiven(messages.get(i))) {
                return messages.get(i).content();
            }
        }
        return "";
    }

    private void weigh(String text, String query, int start, List<Span> spans) {
        List<Span> parts = List.of(new Span(0, text.length(), 1));
        for (LossType type : types) {
            List<Span> finer = new ArrayList<>();
            for (Span part : parts) {
                int position = part.start();
                for (LossType.Part piece : type.parts(text.substring(part.start(), part.end()), query)) {
                    finer.add(new Span(position, position + piece.length(), part.weight() * piece.weight()));
                    position += piece.length();
                }
            }
            parts = finer;
        }
        parts.forEach(part -> spans.add(new Span(start + part.start(), start + part.end(), part.weight())));
    }

    /**
     * The weight of each token: that of its first character. A token across the beginning of a turn shows characters that the model is
     * given, so it is not trained on; a token across its end holds characters that the model must produce, so it is; one across two parts
     * of a turn weighs what the first of them does.
     */
    float[] weights(Encoded encoded, List<Span> spans) {
        float[] weights = new float[encoded.length()];
        for (Span span : spans) {
            float weight = isBinary && span.weight() > 0 ? 1 : span.weight();
            for (int i = firstStart(encoded.starts(), span.start());
                    i < weights.length && encoded.starts()[i] < span.end();
                    i++) {
                weights[i] = weight;
            }
        }
        return weights;
    }

    private static int firstStart(int[] starts, int position) {
        int low = 0;
        int high = starts.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (starts[middle] < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
