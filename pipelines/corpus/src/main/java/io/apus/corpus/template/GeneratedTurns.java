package io.apus.corpus.template;

import io.apus.corpus.jinja.TracedText;
import java.util.ArrayList;
import java.util.List;

/** The assistant's turns of a template that marks them with {@code {% generation %}}: exactly what stands inside, as in transformers. */
final class GeneratedTurns {
    private GeneratedTurns() {}

    static List<Rendered.Turn> of(TracedText traced, TemplateMessages messages) {
        List<Rendered.Turn> turns = new ArrayList<>();
        int start = -1;
        int end = -1;
        int owner = -1;
        for (TracedText.Piece piece : traced.pieces()) {
            int said = piece.item() >= 0 ? piece.item() : piece.owner();
            boolean continues =
                    piece.generated() && start >= 0 && end == piece.start() && (said < 0 || owner < 0 || said == owner);
            if (start >= 0 && !continues) {
                turns.add(turn(messages, owner, start, end));
                start = -1;
            }
            if (piece.generated()) {
                owner = start >= 0 && said < 0 ? owner : said;
                start = start >= 0 ? start : piece.start();
                end = piece.end();
            }
        }
        if (start >= 0) {
            turns.add(turn(messages, owner, start, end));
        }
        turns.removeIf(turn -> turn.start() == turn.end());
        return turns;
    }

    private static Rendered.Turn turn(TemplateMessages messages, int owner, int start, int end) {
        boolean isKnown = owner >= 0;
        return new Rendered.Turn(isKnown ? messages.first(owner) : -1, isKnown ? messages.last(owner) : -1, start, end);
    }
}
