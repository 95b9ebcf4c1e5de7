package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A content that is a list of typed blocks, as the turns it stands for: text, pictures, films and sounds (OpenAI, Hugging Face), reasoning
 * and tool calls (LLaMA-Factory), thinking, tool_use and tool_result (Anthropic). Text blocks are put one after the other; a medium
 * leaves its tag in the text; reasoning goes into {@code <think>}; calls and results become turns of their own.
 */
final class ContentBlocks {
    private static final Set<String> REASONING = Set.of("reasoning", "thinking");
    private static final Set<String> CALLS = Set.of("tool_call", "tool_use", "function_call");
    private static final Set<String> RESULTS = Set.of("tool_result", "tool_response", "function_response");
    private static final List<String> TEXT_KEYS = List.of("text", "value", "content");

    private final Message like;
    private final List<Turn> turns = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final List<Turn.Medium> media = new ArrayList<>();

    private ContentBlocks(Message like) {
        this.like = like;
    }

    static boolean areBlocks(JsonNode content) {
        return content.isArray()
                && !content.isEmpty()
                && content.get(0).isObject()
                && !type(content.get(0)).isEmpty();
    }

    /** The turns of {@code blocks}, which have the role and the loss settings of {@code like} unless they are calls or results. */
    static List<Turn> turns(JsonNode blocks, Message like) {
        ContentBlocks read = new ContentBlocks(like);
        blocks.forEach(read::add);
        read.flush();
        return read.turns;
    }

    /** A block without a type is named by its only field, as Qwen writes them ({@code {"image": ...}}). */
    private static String type(JsonNode block) {
        if (block.path("type").isTextual()) {
            return block.get("type").textValue().toLowerCase(Locale.ROOT);
        }
        return block.isObject() && block.size() == 1 ? block.fieldNames().next() : "";
    }

    private void add(JsonNode block) {
        String type = type(block);
        MediaKind kind = kind(type);
        if (type.equals("text")) {
            text.append(text(block, TEXT_KEYS));
        } else if (kind != null) {
            media.add(new Turn.Medium(kind, MediaValue.ofBlock(block, type)));
            text.append(kind.tag());
        } else if (REASONING.contains(type) && like.role().equals(Roles.ASSISTANT)) {
            text.append(think(text(block, List.of(type, "text", "value", "content"))));
        } else if (CALLS.contains(type) && like.role().equals(Roles.ASSISTANT)) {
            flush();
            ToolCalls.ofBlock(block).forEach(call -> turns.add(turn(Roles.TOOL_CALL, call)));
        } else if (RESULTS.contains(type)) {
            flush();
            turns.add(turn(Roles.TOOL_RESPONSE, result(block)));
        } else {
            throw new RefusedRow(
                    Refusal.CONTENT_NOT_TEXT,
                    "a content block of a " + like.role() + " turn has the type \"" + type
                            + "\", which is not known there");
        }
    }

    /** Reasoning as the templates of thinking models write it. */
    static String think(String reasoning) {
        return "<think>\n" + reasoning.strip() + "\n</think>\n\n";
    }

    private static MediaKind kind(String type) {
        for (MediaKind kind : MediaKind.values()) {
            if (type.equals(kind.word()) || type.equals(kind.word() + "_url") || type.equals("input_" + kind.word())) {
                return kind;
            }
        }
        return null;
    }

    private static String text(JsonNode block, List<String> keys) {
        JsonNode value = Texts.first(block, keys);
        if (value == null || !value.isTextual()) {
            throw new RefusedRow(
                    Refusal.CONTENT_NOT_TEXT, "a content block of the type \"" + type(block) + "\" holds no text");
        }
        return value.textValue();
    }

    private static String result(JsonNode block) {
        JsonNode content = Texts.first(block, TEXT_KEYS);
        if (content == null) {
            return "";
        }
        return MessageContent.text(content, Roles.TOOL_RESPONSE);
    }

    private Turn turn(String role, String content) {
        return new Turn(new Message(role, content, like.loss(), like.lossScale()), List.of());
    }

    private void flush() {
        if (text.length() > 0 || !media.isEmpty()) {
            turns.add(new Turn(turn(like.role(), text.toString()).message(), media));
            text.setLength(0);
            media.clear();
        }
    }
}
