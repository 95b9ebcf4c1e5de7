package io.apus.corpus.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.corpus.tokenize.bpe.split.RandomTexts;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real vocabulary of Qwen3 in Java against the tokenizers library. */
class JavaTokenizerTest {
    private static final int CHARACTERS_PER_FILE = 300_000;
    private static SameTokens tokens;

    @BeforeAll
    static void load() throws IOException {
        Path model = SharedReference.path("tokenizers/qwen3");
        tokens = SameTokens.of(Files.readString(model.resolve("tokenizer.json")));
        assertThat(Tokenizers.load(model).engine()).isEqualTo("Java");
    }

    @Test
    void agreesOnRealText() throws IOException {
        try (Stream<Path> files = Files.list(SharedReference.path("data"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                int left = CHARACTERS_PER_FILE;
                for (String line : Files.readAllLines(file)) {
                    String text = line.replace("\\n", "\n").replace("\\\"", "\"");
                    tokens.ids(text.substring(0, Math.min(text.length(), left)));
                    left -= Math.min(text.length(), left);
                }
            }
        }
    }

    @Test
    void agreesOnEveryScriptAsAWholeAndInPieces() {
        Random random = new Random(1);
        for (String text : RandomTexts.scripts()) {
            tokens.everything(text);
            for (int i = 0; i < 40; i++) {
                int from = random.nextInt(text.length());
                tokens.everything(text.substring(from, from + random.nextInt(text.length() - from + 1)));
            }
        }
        tokens.everything(String.join("\n\n", RandomTexts.scripts()));
    }

    @Test
    void agreesOnRandomTexts() {
        List<String> extra = List.of(
                "<|im_start|>",
                "<|im_end|>\n",
                "<think>",
                "</think>",
                "<tool_call>",
                "<|im_",
                "|>",
                "<",
                "<|",
                "\ud800");
        RandomTexts texts = new RandomTexts(7, extra);
        for (int i = 0; i < 5000; i++) {
            tokens.everything(texts.next());
        }
    }

    /** Bytes that are no text: as Latin-1 and as broken UTF-8. */
    @Test
    void agreesOnRandomBytes() {
        Random random = new Random(9);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            tokens.everything(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
            tokens.everything(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Test
    void agreesOnLongWords() {
        Random random = new Random(11);
        for (String alphabet :
                List.of("a", "ab", "the", "\u4f60\u597d\u4e16\u754c", " ", "\n ", "=-", "\u00e9e", "\ud83d\ude00")) {
            for (int length : new int[] {90, 96, 97, 98, 200, 3000}) {
                StringBuilder text = new StringBuilder();
                int[] points = alphabet.codePoints().toArray();
                for (int i = 0; i < length; i++) {
                    text.appendCodePoint(points[random.nextInt(points.length)]);
                }
                tokens.everything(text.toString());
            }
        }
    }

    @Test
    void agreesOnOneVeryLongText() {
        String lines = String.join("\n", RandomTexts.scripts());
        tokens.ids(lines.repeat((1 << 20) / lines.length() + 1));
    }

    /** Ids of no text: parts of characters, special tokens, ids that no token has. */
    @Test
    void decodesWhateverIdsAsTheLibraryDoes() {
        Random random = new Random(13);
        int size = tokens.java().vocabSize();
        for (int i = 0; i < 2000; i++) {
            int[] ids = random.ints(random.nextInt(12), 0, i % 2 == 0 ? size + 300 : 256)
                    .toArray();
            assertThat(tokens.java().decode(ids, false))
                    .isEqualTo(tokens.library().decode(ids, false));
            assertThat(tokens.java().decode(ids, true))
                    .isEqualTo(tokens.library().decode(ids, true));
        }
    }

    @Test
    void severalThreadsDoNotDisturbEachOther() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int seed = i;
                running.add(threads.submit(() -> {
                    RandomTexts texts = new RandomTexts(seed, List.of());
                    for (int k = 0; k < 400; k++) {
                        tokens.ids(texts.next());
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
