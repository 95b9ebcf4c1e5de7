package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/**
 * The column {@code objects} of a grounding row: {@code ref} (names), {@code bbox} (boxes of 4 or points of 2 numbers), {@code bbox_type}
 * ({@code real} pixels or {@code norm1}) and {@code image_id} (which image each box lies on). The tags {@code <ref-object>} and
 * {@code <bbox>} in the text stand for them in order.
 */
final class GroundingObjects {
    private static final Set<String> TYPES = Set.of("real", "norm1");

    private GroundingObjects() {}

    /**
     * The checked column, with the corners of each box in order and other keys dropped.
     *
     * @param images how many images the conversation shows
     */
    static JsonNode read(JsonNode column, List<Turn> turns, int images) {
        JsonNode objects = column.isTextual() ? Texts.parsedOrNull(column.textValue()) : column;
        require(objects != null && objects.isObject(), "objects is no object with bbox and ref");
        ObjectNode read = JsonNodeFactory.instance.objectNode();
        ArrayNode names = names(objects.path("ref"));
        ArrayNode boxes = boxes(objects.path("bbox"));
        require(!names.isEmpty() || !boxes.isEmpty(), "objects has neither ref nor bbox");
        fits("<ref-object>", turns, "ref", names.size());
        fits("<bbox>", turns, "bbox", boxes.size());
        if (!names.isEmpty()) {
            read.set("ref", names);
        }
        read.set("bbox", boxes);
        JsonNode type = objects.path("bbox_type");
        if (!Texts.isNothing(type)) {
            require(
                    type.isTextual() && TYPES.contains(type.textValue()),
                    "bbox_type is " + type + ", not real or norm1");
            read.set("bbox_type", type);
        }
        JsonNode ids = objects.path("image_id");
        if (!Texts.isNothing(ids)) {
            read.set("image_id", imageIds(ids, boxes.size(), images));
        }
        return read;
    }

    private static ArrayNode names(JsonNode ref) {
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        if (Texts.isNothing(ref)) {
            return names;
        }
        require(ref.isArray(), "ref is no list of texts");
        for (JsonNode name : ref) {
            require(name.isTextual(), "ref is no list of texts");
            names.add(name);
        }
        return names;
    }

    private static ArrayNode boxes(JsonNode bbox) {
        ArrayNode boxes = JsonNodeFactory.instance.arrayNode();
        if (Texts.isNothing(bbox)) {
            return boxes;
        }
        require(bbox.isArray(), "bbox is no list of boxes");
        for (JsonNode box : bbox) {
            require(
                    box.isArray() && (box.size() == 2 || box.size() == 4),
                    "bbox holds " + box + ", not 2 or 4 numbers");
            for (JsonNode number : box) {
                require(number.isNumber(), "bbox holds " + box + ", not 2 or 4 numbers");
            }
            boxes.add(box.size() == 2 ? box : ordered(box));
        }
        return boxes;
    }

    /** Left above right below, whichever corners were given. */
    private static ArrayNode ordered(JsonNode box) {
        JsonNode[] corners = {box.get(0), box.get(1), box.get(2), box.get(3)};
        for (int axis = 0; axis < 2; axis++) {
            BigDecimal low = corners[axis].decimalValue();
            if (low.compareTo(corners[axis + 2].decimalValue()) > 0) {
                JsonNode first = corners[axis];
                corners[axis] = corners[axis + 2];
                corners[axis + 2] = first;
            }
        }
        return JsonNodeFactory.instance.arrayNode().addAll(List.of(corners));
    }

    private static JsonNode imageIds(JsonNode ids, int boxes, int images) {
        require(ids.isArray() && ids.size() == boxes, "image_id has not one entry for each bbox");
        for (JsonNode id : ids) {
            require(
                    id.isIntegralNumber() && id.intValue() >= 0 && id.intValue() < images,
                    "image_id holds " + id + " and there are " + images + " images");
        }
        return ids;
    }

    private static void fits(String tag, List<Turn> turns, String column, int entries) {
        int tags = turns.stream()
                .mapToInt(turn -> Texts.count(turn.content(), tag))
                .sum();
        require(tags <= entries, "the text has " + tags + " " + tag + " and " + column + " holds " + entries);
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new RefusedRow(Refusal.BAD_OBJECTS, problem);
        }
    }
}
