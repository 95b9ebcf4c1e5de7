package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings the media columns of a row and the media in its content blocks together: {@code images}, {@code videos}, {@code audios} (or the
 * singular) and {@code objects}, also below the prefixes {@code rejected_}, {@code positive_} and {@code negative_}.
 */
final class MediaColumns {
    private final Columns columns;
    private final Map<String, String> media = new TreeMap<>();
    private Map<MediaKind, List<JsonNode>> shown = Map.of();

    MediaColumns(Columns columns) {
        this.columns = columns;
    }

    /** The row's conversation with its tags. */
    List<Turn> conversation(List<Turn> turns) {
        ConversationMedia found = ConversationMedia.of(turns, lists(""), "");
        shown = found.files();
        shown.forEach((kind, files) -> media.put(kind.column(), array(files).toString()));
        objects("", found);
        return found.turns();
    }

    /** The dispreferred conversation, which shows what the preferred one does unless it has media of its own; null stays null. */
    List<Turn> rejected(List<Turn> turns) {
        if (turns == null) {
            return null;
        }
        Map<MediaKind, List<JsonNode>> own = lists("rejected_");
        boolean brings =
                turns.stream().flatMap(turn -> turn.media().stream()).anyMatch(medium -> medium.value() != null);
        ConversationMedia found = ConversationMedia.of(turns, own.isEmpty() && !brings ? shown : own, "rejected_");
        if (!found.files().equals(shown)) {
            found.files()
                    .forEach((kind, files) ->
                            media.put("rejected_" + kind.column(), array(files).toString()));
        }
        objects("rejected_", found);
        return found.turns();
    }

    /** The conversations below {@code prefix}, each with its own media. */
    List<List<Turn>> groups(List<List<Turn>> groups, String prefix) {
        List<Map<MediaKind, List<JsonNode>>> each = groups.stream()
                .<Map<MediaKind, List<JsonNode>>>map(group -> new EnumMap<>(MediaKind.class))
                .toList();
        for (MediaKind kind : MediaKind.values()) {
            JsonNode column = columns.takeOneOf(kind.columns(prefix));
            if (!Texts.isNothing(column)) {
                spread(column, kind, each, prefix);
            }
        }
        List<List<Turn>> tagged = new ArrayList<>();
        Map<MediaKind, ArrayNode> files = new EnumMap<>(MediaKind.class);
        for (int i = 0; i < groups.size(); i++) {
            ConversationMedia found = ConversationMedia.of(groups.get(i), each.get(i), prefix);
            tagged.add(found.turns());
            for (MediaKind kind : found.files().keySet()) {
                ArrayNode lists = files.computeIfAbsent(kind, key -> array(List.of()));
                while (lists.size() < i) {
                    lists.addArray();
                }
                lists.add(array(found.files().get(kind)));
            }
        }
        files.forEach((kind, lists) -> media.put(prefix + kind.column(), lists.toString()));
        return tagged;
    }

    /** A list with one entry for each conversation, or, where there is one conversation, the list of its media. */
    private static void spread(
            JsonNode column, MediaKind kind, List<Map<MediaKind, List<JsonNode>>> each, String prefix) {
        JsonNode list = listed(column);
        boolean nested = list.get(0).isArray();
        if (each.size() == 1 && !nested) {
            each.get(0).put(kind, files(list, kind));
        } else if (each.size() == list.size()) {
            for (int i = 0; i < each.size(); i++) {
                each.get(i).put(kind, files(listed(list.get(i)), kind));
            }
        } else {
            throw new RefusedRow(
                    Refusal.BAD_MEDIA,
                    prefix + kind.column() + " has " + list.size() + " entries for " + each.size() + " conversations");
        }
    }

    /** Everything the row shows, as JSON text by column. */
    Map<String, String> media() {
        return media;
    }

    private Map<MediaKind, List<JsonNode>> lists(String prefix) {
        Map<MediaKind, List<JsonNode>> lists = new EnumMap<>(MediaKind.class);
        for (MediaKind kind : MediaKind.values()) {
            JsonNode column = columns.takeOneOf(kind.columns(prefix));
            List<JsonNode> files = Texts.isNothing(column) ? List.of() : files(listed(column), kind);
            if (!files.isEmpty()) {
                lists.put(kind, files);
            }
        }
        return lists;
    }

    private static JsonNode listed(JsonNode column) {
        boolean isText = column.isTextual() && column.textValue().stripLeading().startsWith("[");
        JsonNode value = isText ? Texts.parsedOrNull(column.textValue()) : null;
        JsonNode found = value == null ? column : value;
        return found.isArray() ? found : JsonNodeFactory.instance.arrayNode().add(found);
    }

    private static List<JsonNode> files(JsonNode list, MediaKind kind) {
        List<JsonNode> files = new ArrayList<>();
        for (JsonNode entry : list) {
            JsonNode file = MediaValue.of(entry, kind);
            if (file == null) {
                throw new RefusedRow(Refusal.BAD_MEDIA, kind.column() + " has an entry that names nothing");
            }
            files.add(file);
        }
        return files;
    }

    private void objects(String prefix, ConversationMedia conversation) {
        JsonNode objects = columns.take(prefix + "objects");
        if (!Texts.isNothing(objects)) {
            int images = conversation
                    .files()
                    .getOrDefault(MediaKind.IMAGE, List.of())
                    .size();
            media.put(
                    prefix + "objects",
                    GroundingObjects.read(objects, conversation.turns(), images).toString());
        }
    }

    private static ArrayNode array(List<JsonNode> files) {
        return JsonNodeFactory.instance.arrayNode().addAll(files);
    }
}
