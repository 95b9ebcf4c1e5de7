package io.apus.corpus.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepositoryFilesTest {
    private static List<String> chosen(String part, String... paths) {
        RepositoryPart asked = part.isEmpty()
                ? RepositoryPart.DEFAULT
                : DatasetSpec.parse("repo" + part, "repo"::equals).part();
        return RepositoryFiles.of("repo", List.of(paths), asked).chosen();
    }

    @ParameterizedTest
    @CsvSource({
        "'',                train-0.parquet extra.jsonl",
        "/test,             gsm8k_test.jsonl data/test/a.csv",
        "/validation,       en/dev.json",
        "/train+validation, train-0.parquet extra.jsonl en/dev.json",
        ":en/dev,           en/dev.json",
    })
    void splitsAreToldByWordsInThePath(String part, String expected) {
        assertThat(chosen(part, "train-0.parquet", "gsm8k_test.jsonl", "data/test/a.csv", "extra.jsonl", "en/dev.json"))
                .containsExactly(expected.split(" "));
    }

    @Test
    void subsetsAreFoldersOrBeginningsOfNames() {
        String[] paths = {
            "main/train-0.parquet", "main/test-0.parquet", "socratic/train-0.parquet", "zh_38K.jsonl", "zhihu.jsonl"
        };
        assertThat(chosen(":main", paths)).containsExactly("main/train-0.parquet");
        assertThat(chosen(":main/socratic", paths)).containsExactly("main/train-0.parquet", "socratic/train-0.parquet");
        assertThat(chosen(":zh", paths)).containsExactly("zh_38K.jsonl");
        assertThat(chosen(":all/test", paths)).containsExactly("main/test-0.parquet");
    }

    @Test
    void splitsMayHaveNamesOfTheirOwn() {
        assertThat(chosen(
                        "/train_sft",
                        "data/train_sft-0.parquet",
                        "data/train_gen-0.parquet",
                        "data/test_sft-0.parquet"))
                .containsExactly("data/train_sft-0.parquet");
        assertThat(chosen("", "latest.jsonl", "contest.jsonl", "evals.json")).hasSize(3);
    }

    @Test
    void whatIsNotThereIsAnsweredWithWhatIs() {
        assertThatThrownBy(() -> chosen("", "a_test.jsonl", "dev.jsonl"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no file belongs to the split train")
                .hasMessageContaining("test, validation");
        assertThatThrownBy(() -> chosen(":fr", "en/a.jsonl"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("subset fr");
    }

    @Test
    void filesAboutTheDataAreNone() {
        assertThat(RepositoryFiles.isData("x/dataset_infos.json")).isFalse();
        assertThat(RepositoryFiles.isData("LICENSE.txt")).isFalse();
        assertThat(RepositoryFiles.isData("x/rows.json")).isTrue();
    }
}
