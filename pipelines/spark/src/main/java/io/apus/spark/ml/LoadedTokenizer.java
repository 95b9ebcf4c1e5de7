package io.apus.spark.ml;

import io.apus.corpus.tokenize.SpecialFrame;
import io.apus.corpus.tokenize.TokenSpellings;
import io.apus.corpus.tokenize.Tokenizer;
import io.apus.corpus.tokenize.Tokenizers;
import io.apus.schemas.UserError;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A tokenizer with what a stage needs besides: how tokens are written and which special tokens frame a text. An executor loads each file once.
 */
record LoadedTokenizer(Tokenizer tokenizer, TokenSpellings spellings, SpecialFrame frame) {
    private static final Map<String, LoadedTokenizer> BY_HASH = new HashMap<>();
    private static final Pattern HUB_ID = Pattern.compile("[\\w.-]+(/[\\w.-]+)?");

    /**
     * The tokenizer.json that a parameter means.
     *
     * @param location a folder that holds a tokenizer.json, or such a file
     */
    static Path file(String location) {
        try {
            Path path = Path.of(location);
            Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
            if (Files.isRegularFile(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            throw absent(location, "it is no path", e);
        }
        boolean mayBeHubId = HUB_ID.matcher(location).matches();
        throw absent(
                location,
                mayBeHubId
                        ? "there is no such folder here, and a hub id is not fetched from the network"
                        : "there is no such folder with a tokenizer.json, and no such file",
                null);
    }

    private static UserError absent(String location, String cause, Exception revealedBy) {
        return new UserError(
                "Cannot load the tokenizer " + location,
                cause,
                "Give a folder with a tokenizer.json that the driver and every executor can read.",
                revealedBy);
    }

    static synchronized LoadedTokenizer load(String location) {
        Path file = file(location);
        Tokenizer tokenizer = Tokenizers.loadFile(file);
        return BY_HASH.computeIfAbsent(
                tokenizer.sha256(),
                hash -> new LoadedTokenizer(tokenizer, TokenSpellings.read(file), SpecialFrame.read(file)));
    }
}
