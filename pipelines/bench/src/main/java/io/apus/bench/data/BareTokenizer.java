package io.apus.bench.data;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The tokenizer library without anything of ours around it; each way returns how many tokens the texts have. */
public final class BareTokenizer implements AutoCloseable {
    private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

    private final HuggingFaceTokenizer djl;
    private final long handle;

    public BareTokenizer(Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        djl = HuggingFaceTokenizer.newInstance(file, Map.of("truncation", "false", "padding", "false"));
        handle = LIBRARY.createTokenizerFromString(Files.readString(file));
        LIBRARY.disablePadding(handle);
        LIBRARY.disableTruncation(handle);
    }

    /** DJL's public API, as its documentation shows it. */
    public double batches(List<List<String>> batches) {
        long tokens = 0;
        for (List<String> batch : batches) {
            for (Encoding encoding : djl.batchEncode(batch, false, false)) {
                tokens += encoding.getIds().length;
            }
        }
        return tokens;
    }

    /** The ids alone, which is the least that anybody needs. */
    double idsOnly(List<List<String>> batches) {
        long tokens = 0;
        for (List<String> batch : batches) {
            for (String text : batch) {
                long encoding = LIBRARY.encode(handle, text, false);
                tokens += LIBRARY.getTokenIds(encoding).length;
                LIBRARY.deleteEncoding(encoding);
            }
        }
        return tokens;
    }

    @Override
    public void close() {
        djl.close();
        LIBRARY.deleteTokenizer(handle);
    }
}
