package io.apus.schemas.data;

import java.util.List;
import java.util.Map;

/**
 * One training or evaluation example of any kind: conversation, preference pair, labelled conversation, ranking group or plain text.
 *
 * <p>Plain text (pre-training) is a conversation with a single assistant turn, as in ms-swift. Fields that a kind does not use are
 * null, or empty for collections.
 *
 * @param key where the row came from
 * @param split {@code train} or {@code validation} (see {@link Splits})
 * @param messages the conversation, in order
 * @param rejectedMessages the dispreferred conversation of a preference pair, or null
 * @param positiveMessages conversations that match (embedding, reranker)
 * @param negativeMessages conversations that do not match (embedding, reranker)
 * @param label label as JSON text: true/false (KTO), a class index, a list of them, or a number; or null
 * @param margin reward margin of a preference pair, or null
 * @param tools tool definitions as the JSON text of an OpenAI function list, or null
 * @param media images, videos, audios and objects as JSON text by column name
 * @param channel group name for per-channel loss, or null
 * @param extra any other column, as JSON text by name: rewards and generation read them
 */
public record Sample(
        SampleKey key,
        String split,
        List<Message> messages,
        List<Message> rejectedMessages,
        List<List<Message>> positiveMessages,
        List<List<Message>> negativeMessages,
        String label,
        Double margin,
        String tools,
        Map<String, String> media,
        String channel,
        Map<String, String> extra) {
    public Sample {
        messages = List.copyOf(messages);
        rejectedMessages = rejectedMessages == null ? null : List.copyOf(rejectedMessages);
        positiveMessages = positiveMessages == null ? List.of() : List.copyOf(positiveMessages);
        negativeMessages = negativeMessages == null ? List.of() : List.copyOf(negativeMessages);
        media = media == null ? Map.of() : Map.copyOf(media);
        extra = extra == null ? Map.of() : Map.copyOf(extra);
    }

    /** A plain conversation without anything else. */
    public static Sample conversation(SampleKey key, String split, List<Message> messages) {
        return new Sample(key, split, messages, null, null, null, null, null, null, null, null, null);
    }

    /** True for plain text: the whole sample is one assistant turn. */
    public boolean isPlainText() {
        return isPlainText(messages);
    }

    /** The same of any conversation. */
    public static boolean isPlainText(List<Message> messages) {
        return messages.size() == 1 && messages.get(0).role().equals(Roles.ASSISTANT);
    }

    /**
     * True for a question without an answer whose other columns say that it needs none: a label (classification), conversations to rank,
     * or columns that rewards read (GRPO). It can be used, but not by an objective that learns answers.
     */
    public boolean isPrompt() {
        boolean open = messages.stream()
                .noneMatch(message ->
                        message.role().equals(Roles.ASSISTANT) || message.role().equals(Roles.TOOL_CALL));
        return open
                && !messages.isEmpty()
                && (label != null || !positiveMessages.isEmpty() || !negativeMessages.isEmpty() || !extra.isEmpty());
    }
}
