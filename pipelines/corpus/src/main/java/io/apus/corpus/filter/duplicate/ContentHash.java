package io.apus.corpus.filter.duplicate;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What makes two samples exact duplicates: the same turns, answers, label, margin, tools and media. Text is compared after NFC, with line ends
 * unified and without white space at either end. Where a sample came from, its split, channel and extra columns do not count.
 */
public final class ContentHash {
    private final MessageDigest digest;

    private ContentHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The first 128 bits of a SHA-256, as 32 hexadecimal digits. */
    public static String of(Sample sample) {
        ContentHash hash = new ContentHash();
        hash.conversation(sample.messages());
        hash.conversation(sample.rejectedMessages());
        hash.groups(sample.positiveMessages());
        hash.groups(sample.negativeMessages());
        hash.text(sample.label());
        hash.text(sample.margin() == null ? null : sample.margin().toString());
        hash.text(sample.tools());
        hash.media(sample.media());
        return HexFormat.of().formatHex(hash.digest.digest(), 0, 16);
    }

    private void groups(List<List<Message>> groups) {
        number(groups.size());
        groups.forEach(this::conversation);
    }

    private void conversation(List<Message> messages) {
        number(messages == null ? -1 : messages.size());
        if (messages != null) {
            for (Message message : messages) {
                text(message.role());
                text(message.content());
                text(String.valueOf(message.loss()));
                text(String.valueOf(message.lossScale()));
            }
        }
    }

    private void media(Map<String, String> media) {
        number(media.size());
        new TreeMap<>(media).forEach((name, value) -> {
            text(name);
            text(value);
        });
    }

    /** Lengths go in front of everything, so that no two different samples write the same bytes. */
    private void text(String text) {
        if (text == null) {
            number(-1);
            return;
        }
        String normal = Normalizer.normalize(text, Normalizer.Form.NFC)
                .replace("\r\n", "\n")
                .strip();
        byte[] bytes = normal.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        digest.update(bytes);
    }

    private void number(int value) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
    }
}
