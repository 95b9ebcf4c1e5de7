package io.apus.jobs.launch;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.NewTokensSpec;
import io.apus.schemas.spec.RunSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files among new_special_tokens, replaced by the tokens that they list. This comes before everything else, so that fingerprints
 * cover the tokens and not the name of a file.
 */
final class TokenLists {
    private static final String FILE = ".txt";

    private TokenLists() {}

    static RunSpec read(RunSpec spec) {
        NewTokensSpec tokens = spec.model().newTokens();
        if (tokens.newSpecialTokens().stream().noneMatch(token -> token.endsWith(FILE))) {
            return spec;
        }
        List<String> all =
                tokens.newSpecialTokens().stream().flatMap(TokenLists::listed).toList();
        return spec.withModel(spec.model().withNewTokens(new NewTokensSpec(all, tokens.padToMultipleOf())));
    }

    /** Tokens stand apart by blanks or ends of lines, as ms-swift reads them. */
    private static Stream<String> listed(String token) {
        if (!token.endsWith(FILE)) {
            return Stream.of(token);
        }
        try {
            return Stream.of(Files.readString(Path.of(token), StandardCharsets.UTF_8)
                            .split("\\s+"))
                    .filter(word -> !word.isEmpty());
        } catch (IOException e) {
            throw new UserError(
                    "Cannot read new_special_tokens",
                    token + " cannot be read as UTF-8",
                    "Give tokens, or .txt files that list them.",
                    e);
        }
    }
}
