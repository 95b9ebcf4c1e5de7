package io.apus.corpus.tokenize;

import io.apus.corpus.template.Rendered;
import io.apus.schemas.data.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ms-swift's {@code loss_scale}: which characters of a rendering are trained on and how much they weigh. The bases are {@code default}
 * (all the assistant's turns), {@code last_round} (its last turn) and {@code all} (everything); a message's own {@code loss_scale} or
 * {@code loss} overrides the base.
 */
final class LossScale {
    /** Characters [start, end) weigh {@code weight}; later spans overrule earlier ones. */
    record Span(int start, int end, float weight) {}

    private static final Pattern EMPTY_THINK = Pattern.compile("<think>\\s*</think>\\s*");

    private final String base;
    private final boolean ignoresEmptyThink;

    LossScale(String base, boolean ignoresEmptyThink) {
        this.base = base;
        this.ignoresEmptyThink = ignoresEmptyThink;
    }

    List<Span> spans(Rendered rendered, List<Message> messages) {
        List<Span> spans = new ArrayList<>();
        if (base.equals("all")) {
            spans.add(new Span(0, rendered.text().length(), 1));
        }
        List<Rendered.Turn> turns = rendered.turns();
        for (int i = 0; i < turns.size(); i++) {
            Rendered.Turn turn = turns.get(i);
            boolean isTrained = !base.equals("last_round") || i == turns.size() - 1;
            float weight = weight(turn, messages, isTrained ? 1 : 0);
            int start = ignoresEmptyThink ? behindEmptyThink(rendered.text(), turn, spans) : turn.start();
            spans.add(new Span(start, turn.end(), weight));
        }
        return spans;
    }

    /** Zero for an empty thinking block at the head of a turn (ms-swift's {@code ignore_empty_think}). */
    private static int behindEmptyThink(String text, Rendered.Turn turn, List<Span> spans) {
        Matcher empty = EMPTY_THINK.matcher(text).region(turn.start(), turn.end());
        if (!empty.lookingAt()) {
            return turn.start();
        }
        spans.add(new Span(turn.start(), empty.end(), 0));
        return empty.end();
    }

    private static float weight(Rendered.Turn turn, List<Message> messages, float base) {
        for (int i = Math.max(0, turn.firstMessage()); turn.firstMessage() >= 0 && i <= turn.lastMessage(); i++) {
            Message message = messages.get(i);
            if (message.lossScale() != null) {
                return message.lossScale().floatValue();
            }
            if (message.loss() != null) {
                return message.loss() ? 1 : 0;
            }
        }
        return base;
    }

    /**
     * The weight of each token: that of its first character. A token across the beginning of a turn shows characters that the model is
     * given, so it is not trained on; a token across its end holds characters that the model must produce, so it is.
     */
    static float[] weights(Encoded encoded, List<Span> spans) {
        float[] weights = new float[encoded.length()];
        for (Span span : spans) {
            for (int i = firstStart(encoded.starts(), span.start());
                    i < weights.length && encoded.starts()[i] < span.end();
                    i++) {
                weights[i] = span.weight();
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
