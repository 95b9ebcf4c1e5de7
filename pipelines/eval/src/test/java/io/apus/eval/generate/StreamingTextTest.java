package io.apus.eval.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** With one token per byte, as the worst byte-level vocabulary has. */
class StreamingTextTest {
    @Test
    void showsACharacterOnlyWhenItIsComplete() {
        String text = "aé€😀 ü";
        StreamingText stream = new StreamingText(StreamingTextTest::decode);
        StringBuilder shown = new StringBuilder();
        for (byte part : text.getBytes(StandardCharsets.UTF_8)) {
            String piece = stream.accept(part & 0xFF);
            assertThat(piece).doesNotContain("\uFFFD");
            shown.append(piece);
        }
        assertThat(shown).hasToString(text);
        assertThat(stream.finish()).isEmpty();
    }

    @Test
    void aCutCharacterAppearsAtTheEnd() {
        StreamingText stream = new StreamingText(StreamingTextTest::decode);
        assertThat(stream.accept('x')).isEqualTo("x");
        assertThat(stream.accept(0xE2)).isEmpty();
        assertThat(stream.finish()).isEqualTo("\uFFFD");
    }

    @Test
    void doesNotWaitForeverForBytesThatAreNoCharacter() {
        StreamingText stream = new StreamingText(StreamingTextTest::decode);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            shown.append(stream.accept(0xFF));
        }
        assertThat(shown.length()).isGreaterThanOrEqualTo(8);
        shown.append(stream.accept('y')).append(stream.finish());
        assertThat(shown).hasToString("\uFFFD".repeat(20) + "y");
    }

    private static String decode(int[] ids) {
        byte[] bytes = new byte[ids.length];
        for (int i = 0; i < ids.length; i++) {
            bytes[i] = (byte) ids[i];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
