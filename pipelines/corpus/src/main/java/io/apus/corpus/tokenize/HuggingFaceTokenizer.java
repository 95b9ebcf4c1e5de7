package io.apus.corpus.tokenize;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Hugging Face's tokenizers library (through DJL's binding) on one tokenizer.json. The library is called for ids alone, which is twice as
 * fast as building DJL's Encoding objects, and never for anything on the network.
 */
final class HuggingFaceTokenizer implements Tokenizer {
    static {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        LibUtils.checkStatus();
    }

    private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

    private final long handle;
    private final TokenizerFile file;
    private final ByteOffsets byteOffsets;
    private final String sha256;
    private final int[] prefixIds;
    private volatile String engine = "tokenizers library";

    private HuggingFaceTokenizer(long handle, TokenizerFile file, String sha256) {
        this.handle = handle;
        this.file = file;
        this.sha256 = sha256;
        int[] byteLengths = file.byteLengthsOrNull();
        this.byteOffsets = byteLengths == null ? null : new ByteOffsets(byteLengths);
        this.prefixIds = findPrefix();
        requireSameIds();
    }

    /** The library renumbers added tokens that do not follow the vocabulary without a gap; a model trained on their ids would be lost. */
    private void requireSameIds() {
        for (Map.Entry<String, Integer> token : file.added().entrySet()) {
            int[] ids = run(token.getKey(), false);
            if (file.special().contains(token.getValue()) && ids.length == 1 && ids[0] != token.getValue()) {
                throw new IllegalArgumentException("the special token " + token.getKey() + " has the id "
                        + token.getValue() + " in the file but is read as " + ids[0]);
            }
        }
    }

    /** {@code json} is the text of a tokenizer.json, {@code source} its name in errors. */
    static HuggingFaceTokenizer of(String json, String sha256, String source) {
        try {
            TokenizerFile file = TokenizerFile.parse(json);
            long handle = LIBRARY.createTokenizerFromString(json);
            LIBRARY.disablePadding(handle);
            LIBRARY.disableTruncation(handle);
            return new HuggingFaceTokenizer(handle, file, sha256);
        } catch (IOException | RuntimeException e) {
            throw new UserError(
                    "Cannot load the tokenizer " + source, String.valueOf(e.getMessage()), "Check the file.", e);
        }
    }

    /** What special-token processing puts before a letter. */
    private int[] findPrefix() {
        int[] plain = run("a", false);
        int[] processed = run("a", true);
        for (int i = 0; i + plain.length <= processed.length; i++) {
            if (Arrays.equals(processed, i, i + plain.length, plain, 0, plain.length)) {
                return Arrays.copyOf(processed, i);
            }
        }
        return new int[0];
    }

    @Override
    public int[] ids(String text) {
        return run(WellFormed.of(text), false);
    }

    private int[] run(String text, boolean withSpecialTokens) {
        long encoding = LIBRARY.encode(handle, text, withSpecialTokens);
        try {
            return narrow(LIBRARY.getTokenIds(encoding));
        } finally {
            LIBRARY.deleteEncoding(encoding);
        }
    }

    @Override
    public Encoded encode(String text) {
        String clean = WellFormed.of(text);
        long encoding = LIBRARY.encode(handle, clean, false);
        try {
            int[] ids = narrow(LIBRARY.getTokenIds(encoding));
            Encoded placed = byteOffsets == null ? null : byteOffsets.placeOrNull(clean, ids);
            return placed != null ? placed : placed(clean, ids, LIBRARY.getTokenCharSpans(encoding));
        } finally {
            LIBRARY.deleteEncoding(encoding);
        }
    }

    /** The library counts code points; a token without characters of its own stands where the one before it ends. */
    private static Encoded placed(String text, int[] ids, CharSpan[] spans) {
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        int point = 0;
        int position = 0;
        for (int i = 0; i < ids.length; i++) {
            int start = spans[i] == null ? point : spans[i].getStart();
            int end = spans[i] == null ? start : spans[i].getEnd();
            position = text.offsetByCodePoints(position, start - point);
            point = start;
            starts[i] = position;
            ends[i] = text.offsetByCodePoints(position, end - start);
        }
        return new Encoded(ids, starts, ends);
    }

    private static int[] narrow(long[] ids) {
        int[] narrow = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            narrow[i] = (int) ids[i];
        }
        return narrow;
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return LIBRARY.decode(handle, Arrays.stream(ids).asLongStream().toArray(), skipSpecialTokens);
    }

    @Override
    public int vocabSize() {
        return file.size();
    }

    @Override
    public OptionalInt addedToken(String text) {
        Integer id = file.added().get(text);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The texts of all added tokens. */
    Set<String> addedTokens() {
        return file.added().keySet();
    }

    @Override
    public boolean isSpecial(int id) {
        return file.special().contains(id);
    }

    @Override
    public int[] prefixIds() {
        return prefixIds.clone();
    }

    @Override
    public String sha256() {
        return sha256;
    }

    /** The same tokenizer with the reason why nothing quicker does its work. */
    HuggingFaceTokenizer because(String reason) {
        engine = "tokenizers library: " + reason;
        return this;
    }

    @Override
    public String engine() {
        return engine;
    }
}
