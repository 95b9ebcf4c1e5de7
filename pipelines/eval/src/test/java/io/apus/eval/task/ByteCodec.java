package io.apus.eval.task;

import io.apus.schemas.data.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** One token per ASCII character; other ids read as a letter. */
final class ByteCodec implements TextCodec {
    @Override
    public int[] prompt(List<Message> messages) {
        return continuation(messages.get(0).content());
    }

    @Override
    public int[] continuation(String text) {
        return text.chars().toArray();
    }

    @Override
    public String decode(int[] ids) {
        byte[] letters = new byte[ids.length];
        for (int i = 0; i < ids.length; i++) {
            letters[i] = (byte) ('a' + ids[i] % 26);
        }
        return new String(letters, StandardCharsets.US_ASCII);
    }

    @Override
    public Set<Integer> stopIds() {
        return Set.of();
    }
}
