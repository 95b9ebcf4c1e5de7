package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * One picture, film or sound: a path, a URL or base64 as text, or {@code {"bytes": base64, "path": ...}} as Hugging Face stores it. A
 * film may also be the list of its pictures.
 */
final class MediaValue {
    private static final List<String> ADDRESSES = List.of("path", "url", "data");

    private MediaValue() {}

    /** The value in its shortest form; null where it says nothing. */
    static JsonNode of(JsonNode value, MediaKind kind) {
        if (Texts.isNothing(value)) {
            return null;
        }
        if (value.isTextual()) {
            return value;
        }
        if (value.isObject()) {
            return object(value);
        }
        if (kind == MediaKind.VIDEO && value.isArray()) {
            value.forEach(frame -> require(MediaValue.of(frame, MediaKind.IMAGE) != null, kind, frame));
            return value;
        }
        throw new RefusedRow(
                Refusal.BAD_MEDIA, kind.column() + " holds " + shortened(value) + ", which names no " + kind.word());
    }

    private static JsonNode object(JsonNode value) {
        if (value.path("bytes").isTextual() && !value.get("bytes").textValue().isEmpty()) {
            return value;
        }
        JsonNode address = Texts.first(value, ADDRESSES);
        return Texts.isNothing(address) || !address.isTextual() ? null : address;
    }

    /** What a content block of the type {@code type} shows; null where the block only marks the place. */
    static JsonNode ofBlock(JsonNode block, String type) {
        String word = type.replace("_url", "").replace("input_", "");
        JsonNode value =
                Texts.first(block, List.of(word, word + "_url", "input_" + word, "source", "url", "path", "value"));
        if (value == null) {
            return null;
        }
        JsonNode found = value.isObject() ? object(value) : value;
        if (found == null || !(found.isTextual() || found.isObject() || found.isArray())) {
            throw new RefusedRow(Refusal.BAD_MEDIA, "a content block of the type \"" + type + "\" names no " + word);
        }
        return found.isTextual() && value.path("media_type").isTextual() ? dataUri(value, found) : found;
    }

    /** Anthropic's base64 source as a data URI. */
    private static JsonNode dataUri(JsonNode source, JsonNode data) {
        String uri = "data:" + source.get("media_type").textValue() + ";base64," + data.textValue();
        return JsonNodeFactory.instance.textNode(uri);
    }

    private static void require(boolean holds, MediaKind kind, JsonNode value) {
        if (!holds) {
            throw new RefusedRow(Refusal.BAD_MEDIA, kind.column() + " holds " + shortened(value));
        }
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
