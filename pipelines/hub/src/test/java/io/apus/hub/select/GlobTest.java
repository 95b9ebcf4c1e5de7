package io.apus.hub.select;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "*.json, a.json, true",
        "*.json, d/a.json, true",
        "data/*.json, data/sub/a.json, true",
        "data/, data/sub/a.json, true",
        "data/, other/a.json, false",
        "a?c, a/c, true",
        "[a-c]x, bx, true",
        "[!a-c]x, bx, false",
        "[]]x, ]x, true",
        "[ab, [ab, true",
        "*, anything/at all, true",
        "A*, a, false"
    })
    void anywhereStarsCrossFolders(String pattern, String path, boolean fits) {
        assertThat(Glob.anywhere(pattern).matches(path)).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({
        "*.json, a.json, true",
        "*.json, d/a.json, false",
        "./a.json, a.json, true",
        "data/*.json, data/sub/a.json, false",
        "data/**/*.json, data/a.json, true",
        "data/**/*.json, data/x/y/a.json, true",
        "**/train*, train.csv, true",
        "**/train*, x/train.csv, true",
        "**/train*, x/train/y.csv, false",
        "**/train/**, x/train/y.csv, true",
        "**/train/**, x/train, false",
        "**, a/b/c, true",
        "data/**, data/a/b, true",
        "data/**, database/a, false",
        "a?c, a/c, false",
        "train-[0-9][0-9].parquet, train-07.parquet, true"
    })
    void inAPathStarsStayWithinAPart(String pattern, String path, boolean fits) {
        assertThat(Glob.path(pattern).matches(path)).isEqualTo(fits);
    }

    @Test
    void aPatternMadeToTakeForEverDoesNot() {
        String pattern = "**/a*".repeat(150) + "b";
        String path = "a/".repeat(500);
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThat(Glob.path(pattern).matches(path)).isFalse());
    }
}
