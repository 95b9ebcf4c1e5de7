package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A conversation with the pictures, films and sounds that it shows. Each has one tag in the text: tags that are missing are put before the
 * first message (as in ms-swift); more tags than media are refused, for it is unknown what they show.
 *
 * @param turns the conversation with all of its tags
 * @param files the media by kind, in the order of their tags; kinds without media are left out
 */
record ConversationMedia(List<Turn> turns, Map<MediaKind, List<JsonNode>> files) {
    /**
     * @param columns media of the row's columns by kind
     * @param name how messages call the conversation's columns, e.g. {@code rejected_}
     */
    static ConversationMedia of(List<Turn> turns, Map<MediaKind, List<JsonNode>> columns, String name) {
        List<Turn> tagged = turns;
        Map<MediaKind, List<JsonNode>> files = new EnumMap<>(MediaKind.class);
        for (MediaKind kind : MediaKind.values()) {
            List<JsonNode> shown = shown(turns, kind, columns.getOrDefault(kind, List.of()), name);
            if (!shown.isEmpty()) {
                tagged = tagged(tagged, kind, shown.size(), name);
                files.put(kind, shown);
            }
        }
        return new ConversationMedia(tagged, files);
    }

    /** Blocks either bring their media along or mark the places of those in the column. */
    private static List<JsonNode> shown(List<Turn> turns, MediaKind kind, List<JsonNode> column, String name) {
        List<JsonNode> blocks = new ArrayList<>();
        for (Turn turn : turns) {
            for (Turn.Medium medium : turn.media()) {
                if (medium.kind() == kind) {
                    blocks.add(medium.value());
                }
            }
        }
        long filled = blocks.stream().filter(value -> value != null).count();
        if (filled == 0) {
            require(
                    blocks.isEmpty() || !column.isEmpty(),
                    "the messages have blocks of the type " + kind.word() + " but there is no column " + name
                            + kind.column());
            return column;
        }
        require(filled == blocks.size(), "some blocks of the type " + kind.word() + " name theirs and some do not");
        require(
                column.isEmpty() || column.equals(blocks),
                "both the messages and the column " + name + kind.column() + " bring their own " + kind.column());
        return blocks;
    }

    private static List<Turn> tagged(List<Turn> turns, MediaKind kind, int count, String name) {
        int tags = kind.tags(turns);
        require(
                tags <= count,
                "the text has " + tags + " " + kind.tag() + " and " + name + kind.column() + " holds " + count);
        if (tags == count) {
            return turns;
        }
        List<Turn> tagged = new ArrayList<>(turns);
        int first = turns.size() > 1 && turns.get(0).role().equals(Roles.SYSTEM) ? 1 : 0;
        Turn turn = turns.get(first);
        tagged.set(first, turn.saying(kind.tag().repeat(count - tags) + turn.content()));
        return tagged;
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new RefusedRow(Refusal.BAD_MEDIA, problem);
        }
    }
}
