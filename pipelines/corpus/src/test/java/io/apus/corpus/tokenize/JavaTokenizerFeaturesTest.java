package io.apus.corpus.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.corpus.tokenize.bpe.split.NotSupported;
import io.apus.corpus.tokenize.bpe.split.RandomTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each feature of tokenizer.json on a small tokenizer, in Java against the tokenizers library. */
class JavaTokenizerFeaturesTest {
    private static final String LLAMA3 =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final List<String> EXTRA = List.of(
            "<s>",
            " <s> ",
            "<mask>",
            "\u00a0<mask>\n",
            "<tool>",
            "<tool",
            "tool",
            "<|end|>",
            "abba",
            "hello",
            " hello",
            "\ufb01");

    @TempDir
    Path folder;

    private static void same(MadeTokenizer made) throws IOException {
        SameTokens tokens = SameTokens.of(made.json());
        RandomTexts texts = new RandomTexts(made.json().hashCode(), EXTRA);
        for (int i = 0; i < 1500; i++) {
            tokens.everything(texts.next());
        }
        RandomTexts.scripts().forEach(tokens::everything);
    }

    @Test
    void merges() throws IOException {
        same(new MadeTokenizer());
        same(new MadeTokenizer().mergesAsPairs());
    }

    @Test
    void patterns() throws IOException {
        MadeTokenizer made = new MadeTokenizer();
        made.root.set("pre_tokenizer", MadeTokenizer.split(LLAMA3));
        same(made);
        made.root.set("pre_tokenizer", MadeTokenizer.byteLevel().put("use_regex", true));
        same(made);
    }

    @Test
    void prefixSpaces() throws IOException {
        MadeTokenizer made = new MadeTokenizer().added("<s>", "special").added("<tool>", "normalized");
        made.root.set("pre_tokenizer", MadeTokenizer.byteLevel().put("add_prefix_space", true));
        same(made);
        made.root.set(
                "pre_tokenizer",
                MadeTokenizer.byteLevel().put("add_prefix_space", true).put("use_regex", true));
        same(made);
    }

    @Test
    void normalForms() throws IOException {
        MadeTokenizer made = new MadeTokenizer().added("<s>", "special").added("<tool>", "normalized");
        made.root.putObject("normalizer").put("type", "NFC");
        same(made);
        ObjectNode sequence = made.root.putObject("normalizer").put("type", "Sequence");
        sequence.putArray("normalizers").addObject().put("type", "NFC");
        same(made);
    }

    @Test
    void wordsThatAreTokensWhateverTheMerges() throws IOException {
        MadeTokenizer made =
                new MadeTokenizer().token("\u0120whole").token("abc").token("<s p>");
        made.root.set("pre_tokenizer", MadeTokenizer.split(LLAMA3));
        made.model.put("ignore_merges", true);
        same(made);
        SameTokens tokens = SameTokens.of(made.json());
        tokens.everything("abc whole abcd wholes <s p>");
        assertThat(tokens.java().ids(" whole")).hasSize(1);
    }

    @Test
    void addedTokens() throws IOException {
        same(new MadeTokenizer()
                .added("<s>", "special")
                .added("<mask>", "special", "lstrip")
                .added("<tool>", "rstrip")
                .added("<tool", "normalized", "lstrip", "rstrip")
                .added("tool", "normalized")
                .added("<|end|>", "special", "lstrip", "rstrip")
                .added("abba", "normalized")
                .added("\u00e9t\u00e9 x"));
    }

    @Test
    void addedTokensThatTheVocabularyHas() throws IOException {
        MadeTokenizer made = new MadeTokenizer().token("<s>");
        made.root
                .withArray("added_tokens")
                .addObject()
                .put("id", 256)
                .put("content", "x")
                .put("special", true);
        assertThatThrownBy(() -> JavaTokenizer.of(made.json(), HuggingFaceTokenizer.of(made.json(), "0", "")))
                .as("the library gives it the id of its letter")
                .isInstanceOfAny(NotSupported.class, io.apus.schemas.UserError.class);
    }

    @Test
    void leavesToTheLibraryWhatItDoesNotKnow() throws IOException {
        left("end_of_word_suffix", made -> made.model.put("end_of_word_suffix", "</w>"));
        left("byte_fallback", made -> made.model.put("byte_fallback", true));
        left("at random", made -> made.model.put("dropout", 0.1));
        left("normalizer Lowercase", made -> made.root.putObject("normalizer").put("type", "Lowercase"));
        left(
                "pre-tokenizer Metaspace",
                made -> made.root.set(
                        "pre_tokenizer",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("type", "Metaspace")
                                .put("replacement", "\u2581")
                                .put("prepend_scheme", "always")
                                .put("split", true)));
        left("decoder", made -> made.root.putNull("decoder"));
        left("whole words only", made -> made.added("word", "single_word"));
        left("two tokens share", made -> ((ObjectNode) made.model.get("vocab")).put("twice", 7));
        left("begins with", made -> made.added("<s>", "rstrip").added(" x"));
        left("changes when", made -> {
            made.root.putObject("normalizer").put("type", "NFC");
            made.added("e\u0301", "normalized");
        });
    }

    private void left(String reason, Consumer<MadeTokenizer> change) throws IOException {
        MadeTokenizer made = new MadeTokenizer();
        change.accept(made);
        Files.writeString(folder.resolve("tokenizer.json"), made.json());
        Tokenizer tokenizer = Tokenizers.load(folder);
        assertThat(tokenizer.engine()).startsWith("tokenizers library: ").contains(reason);
        assertThat(tokenizer.ids("hello")).isNotEmpty();
    }
}
