package io.apus.corpus.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.Encoding;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The frame and the spellings are what the tokenizers library itself gives. */
class SpecialFrameTest {
    private static final String CLS_SEP = "'sep': ['<|im_end|>', 265], 'cls': ['<|im_start|>', 264]";

    @TempDir
    Path folder;

    private Path withProcessor(String json) throws IOException {
        Path file = SmallModel.write(folder, null).resolve("tokenizer.json");
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = (ObjectNode) mapper.readTree(file.toFile());
        root.set("post_processor", mapper.readTree(json.replace('\'', '"')));
        return Files.writeString(file, root.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': false, 'use_regex': true}",
                "{'type': 'BertProcessing', " + CLS_SEP + "}",
                "{'type': 'RobertaProcessing', 'trim_offsets': true, 'add_prefix_space': false, " + CLS_SEP + "}",
                "{'type': 'Sequence', 'processors': [{'type': 'ByteLevel', 'add_prefix_space': true, "
                        + "'trim_offsets': false, 'use_regex': true}, {'type': 'TemplateProcessing', 'single': "
                        + "[{'SpecialToken': {'id': 'a', 'type_id': 2}}, {'SpecialToken': {'id': 'b', 'type_id': 0}}, "
                        + "{'Sequence': {'id': 'A', 'type_id': 1}}, {'SpecialToken': {'id': 'b', 'type_id': 3}}], "
                        + "'pair': [{'Sequence': {'id': 'A', 'type_id': 0}}, {'Sequence': {'id': 'B', 'type_id': 1}}], "
                        + "'special_tokens': {'a': {'id': 'a', 'ids': [263], 'tokens': ['<|endoftext|>']}, "
                        + "'b': {'id': 'b', 'ids': [264, 265], 'tokens': ['<|im_start|>', '<|im_end|>']}}}]}"
            })
    void framesAsTheLibraryDoes(String processor) throws IOException {
        Path file = withProcessor(processor);
        int[] ids = Tokenizers.loadFile(file).ids("hello <|im_end|> w");
        SpecialFrame frame = SpecialFrame.read(file);
        TokenSpellings spellings = TokenSpellings.read(file);
        try (var direct = ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(
                file, Map.of("addSpecialTokens", "true"))) {
            Encoding expected = direct.encode("hello <|im_end|> w");
            assertThat(frame.ids(ids)).isEqualTo(narrow(expected.getIds()));
            assertThat(frame.typeIds(ids.length)).isEqualTo(narrow(expected.getTypeIds()));
            assertThat(Arrays.stream(frame.ids(ids)).mapToObj(spellings::of)).containsExactly(expected.getTokens());
        }
    }

    @Test
    void readsTheListOfAUnigramModel() throws IOException {
        Path file = Files.writeString(
                folder.resolve("unigram.json"),
                "{\"model\": {\"type\": \"Unigram\", \"unk_id\": 0, \"vocab\": [[\"<unk>\", 0.0], [\"▁he\", -1.5]]}}");
        assertThat(TokenSpellings.read(file).of(1)).isEqualTo("▁he");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws IOException {
        Path file = withProcessor("{'type': 'Surprise'}");
        assertThatThrownBy(() -> SpecialFrame.read(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("its type \"Surprise\" is not known");
        Path wild = Files.writeString(folder.resolve("wild.json"), "{\"model\": {\"vocab\": {\"a\": 99999999}}}");
        assertThatThrownBy(() -> TokenSpellings.read(wild))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("a token has the id 99999999");
    }

    private static int[] narrow(long[] values) {
        return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
    }
}
