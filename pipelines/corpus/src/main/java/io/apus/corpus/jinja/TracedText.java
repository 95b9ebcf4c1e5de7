package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A rendering whose characters know where they come from.
 *
 * @param text the rendering
 * @param pieces its pieces in order, covering the text without gaps; a piece may be empty where an item's string was empty
 */
public record TracedText(String text, List<Piece> pieces) {
    /**
     * A run of characters of one origin, [start, end).
     *
     * @param item index of the item whose strings the characters are, or -1 for the template's own and other variables'
     * @param mark name of the marked variable that the characters are the value of, or null
     * @param owner index of the item that the template handled when it wrote the characters (the item of the loop pass, or the only item
     *     whose strings that pass printed), or -1
     * @param generated whether they stand inside a {@code {% generation %}} block
     */
    public record Piece(int start, int end, int item, String mark, int owner, boolean generated) {}

    static TracedText of(Text text) {
        Map<Iteration, Integer> soleItems = soleItems(text);
        List<Piece> pieces = new ArrayList<>(text.pieces());
        for (int k = 0; k < text.pieces(); k++) {
            Origin origin = text.origin(k);
            int owner = -1;
            if (origin.turn() != null) {
                owner = origin.turn().owner();
                owner = owner >= 0
                        ? owner
                        : soleItems.getOrDefault(origin.turn().outermost(), -1);
            }
            pieces.add(new Piece(text.start(k), text.end(k), origin.item(), origin.mark(), owner, origin.generated()));
        }
        return new TracedText(text.toString(), List.copyOf(pieces));
    }

    /** For loops over positions rather than items: the only item that a pass printed, -1 where it printed several. */
    private static Map<Iteration, Integer> soleItems(Text text) {
        Map<Iteration, Integer> items = new HashMap<>();
        for (int k = 0; k < text.pieces(); k++) {
            Origin origin = text.origin(k);
            if (origin.turn() != null && origin.item() >= 0) {
                items.merge(origin.turn().outermost(), origin.item(), (a, b) -> a.equals(b) ? a : Integer.valueOf(-1));
            }
        }
        return items;
    }
}
