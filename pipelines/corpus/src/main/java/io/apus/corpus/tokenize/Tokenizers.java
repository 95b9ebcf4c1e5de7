package io.apus.corpus.tokenize;

import io.apus.corpus.tokenize.bpe.split.NotSupported;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Loads tokenizers of model folders, each once per JVM as long as its file does not change. Those that byte-level BPE in Java can do with
 * the same ids are done so, the others by the tokenizers library.
 */
public final class Tokenizers {
    private static final long MAX_BYTES = 512L << 20;
    private static final Map<String, Tokenizer> BY_HASH = new LinkedHashMap<>();
    private static final Map<Path, Seen> BY_PATH = new LinkedHashMap<>();

    /** A file as it was when it was hashed. */
    private record Seen(FileTime modified, long size, String sha256) {}

    private Tokenizers() {}

    /**
     * The tokenizer of a Hugging Face model folder.
     *
     * @throws UserError when the folder has no tokenizer.json or it cannot be read
     */
    public static synchronized Tokenizer load(Path folder) {
        Path path = folder.resolve("tokenizer.json").toAbsolutePath().normalize();
        if (!Files.isRegularFile(path)) {
            throw new UserError(
                    "Cannot load the tokenizer of " + folder,
                    "it has no tokenizer.json",
                    "Give a folder with a fast tokenizer; a slow one is converted by saving it once with transformers.");
        }
        return loadFile(path);
    }

    /**
     * The tokenizer of a tokenizer.json, whatever the file is called.
     *
     * @throws UserError when it cannot be read
     */
    public static synchronized Tokenizer loadFile(Path file) {
        Path path = file.toAbsolutePath().normalize();
        try {
            Seen seen = BY_PATH.get(path);
            FileTime modified = Files.getLastModifiedTime(path);
            if (seen != null && seen.modified().equals(modified) && seen.size() == Files.size(path)) {
                return BY_HASH.get(seen.sha256());
            }
            return read(path, modified);
        } catch (IOException e) {
            throw new UserError(
                    "Cannot load the tokenizer " + path, String.valueOf(e.getMessage()), "Check the file.", e);
        }
    }

    private static Tokenizer read(Path path, FileTime modified) throws IOException {
        if (Files.size(path) > MAX_BYTES) {
            throw new IOException("it is larger than 512 MiB");
        }
        byte[] bytes = Files.readAllBytes(path);
        String sha256 = sha256(bytes);
        Tokenizer tokenizer = BY_HASH.get(sha256);
        if (tokenizer == null) {
            tokenizer = fastest(new String(bytes, StandardCharsets.UTF_8), sha256, path.toString());
            BY_HASH.put(sha256, tokenizer);
        }
        BY_PATH.put(path, new Seen(modified, bytes.length, sha256));
        return tokenizer;
    }

    /** Byte-level BPE is done in Java, everything else by the library. */
    private static Tokenizer fastest(String json, String sha256, String source) throws IOException {
        HuggingFaceTokenizer library = HuggingFaceTokenizer.of(json, sha256, source);
        try {
            return JavaTokenizer.of(json, library);
        } catch (NotSupported e) {
            return library.because(e.getMessage());
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
