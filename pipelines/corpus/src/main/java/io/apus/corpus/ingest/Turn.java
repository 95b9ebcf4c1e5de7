package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * A message while its row is being understood.
 *
 * @param message role and text; where a block held a picture, sound or film, the text holds its tag
 * @param media what stood in those blocks, in order
 */
record Turn(Message message, List<Medium> media) {
    /**
     * A picture, film or sound that stood among the blocks of a content.
     *
     * @param kind which it is
     * @param value path, URL, base64 or an object with bytes; null where the block only marks the place
     */
    record Medium(MediaKind kind, JsonNode value) {}

    Turn {
        media = List.copyOf(media);
    }

    Turn(String role, String content) {
        this(new Message(role, content), List.of());
    }

    String role() {
        return message.role();
    }

    String content() {
        return message.content();
    }

    /** The same turn with another text. */
    Turn saying(String content) {
        return new Turn(new Message(message.role(), content, message.loss(), message.lossScale()), media);
    }

    /** This turn and {@code next} as one, text to text without a separator. */
    Turn joined(Turn next) {
        List<Medium> all = new ArrayList<>(media);
        all.addAll(next.media);
        return new Turn(saying(content() + next.content()).message(), all);
    }

    /** The messages of {@code turns}; null stays null. */
    static List<Message> messages(List<Turn> turns) {
        return turns == null ? null : turns.stream().map(Turn::message).toList();
    }
}
