package io.apus.hub.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import org.junit.jupiter.api.Test;

class DatasetFilesTest {
    private static final String CARD =
            """
            ---
            license: mit
            configs:
            - config_name: main
              default: true
              data_files:
              - split: train
                path: main/train-*
              - split: test
                path:
                - main/test-*
                - extra/test.parquet
            - config_name: socratic
              data_files: socratic/*.parquet
            - config_name: folder
              data_dir: more
            ---
            # Rows
            """;

    private static ListedFiles declared() {
        return ListedFiles.of(
                        "main/train-00000-of-00002.parquet",
                        "main/train-00001-of-00002.parquet",
                        "main/test-00000-of-00001.parquet",
                        "extra/test.parquet",
                        "socratic/train.parquet",
                        "more/train.csv",
                        "more/dev.csv",
                        "notes.txt")
                .text("README.md", CARD);
    }

    @Test
    void theCardSaysWhichFilesASubsetAndASplitHave() {
        assertThat(declared().chosenBy(DatasetFiles.of("", "train")))
                .containsExactly("main/train-00000-of-00002.parquet", "main/train-00001-of-00002.parquet");
        assertThat(declared().chosenBy(DatasetFiles.of("main", "test")))
                .containsExactly("main/test-00000-of-00001.parquet", "extra/test.parquet");
        assertThat(declared().chosenBy(DatasetFiles.of("socratic", "train"))).containsExactly("socratic/train.parquet");
        assertThat(declared().chosenBy(DatasetFiles.of("folder", "validation"))).containsExactly("more/dev.csv");
        assertThat(declared().chosenBy(DatasetFiles.of("folder", "dev"))).containsExactly("more/dev.csv");
        assertThat(declared().chosenBy(DatasetFiles.of("all", ""))).hasSize(7).doesNotContain("notes.txt", "README.md");
    }

    @Test
    void unknownNamesAnswerWithTheKnownOnes() {
        assertThatThrownBy(() -> declared().chosenBy(DatasetFiles.of("socrates", "")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no subset \"socrates\"")
                .hasMessageContaining("Did you mean \"socratic\"? Known: main, socratic, folder");
        assertThatThrownBy(() -> declared().chosenBy(DatasetFiles.of("", "trian")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no split \"trian\"")
                .hasMessageContaining("Known: train, test");
    }

    @Test
    void withoutACardShardsSayTheirSplit() {
        ListedFiles repo = ListedFiles.of(
                "data/train-00000-of-00001.parquet", "data/test_sft-00000-of-00001-ab12.parquet", "dataset_infos.json");

        assertThat(repo.chosenBy(DatasetFiles.of("", "train"))).containsExactly("data/train-00000-of-00001.parquet");
        assertThat(repo.chosenBy(DatasetFiles.of("default", "test_sft")))
                .containsExactly("data/test_sft-00000-of-00001-ab12.parquet");
    }

    @Test
    void orFolders() {
        ListedFiles repo = ListedFiles.of("train/a.jsonl", "train/b.jsonl", "test/c.jsonl", "README.md");

        assertThat(repo.chosenBy(DatasetFiles.of("", "train"))).containsExactly("train/a.jsonl", "train/b.jsonl");
    }

    @Test
    void orWordsInTheirNames() {
        ListedFiles repo =
                ListedFiles.of("alpaca_train_zh.json", "alpaca-dev.json", "alpaca.eval.json", "retrained.json");

        assertThat(repo.chosenBy(DatasetFiles.of("", "train"))).containsExactly("alpaca_train_zh.json");
        assertThat(repo.chosenBy(DatasetFiles.of("", "validation"))).containsExactly("alpaca-dev.json");
        assertThat(repo.chosenBy(DatasetFiles.of("", "test"))).containsExactly("alpaca.eval.json");
    }

    @Test
    void orAllIsTraining() {
        ListedFiles repo =
                ListedFiles.of("a.json", "b.json", ".hidden.json", "__x__/c.json", "LICENSE.txt", "load.py", "pic.png");

        assertThat(repo.chosenBy(DatasetFiles.of("", "train"))).containsExactly("a.json", "b.json");
        assertThatThrownBy(() -> repo.chosenBy(DatasetFiles.of("", "test"))).hasMessageContaining("Known: train");
    }

    @Test
    void aSubsetThatNothingDeclaresIsAFolderOrTheBeginningOfAName() {
        ListedFiles repo = ListedFiles.of("en/train.jsonl", "zh/train.jsonl", "fr_train.jsonl");

        assertThat(repo.chosenBy(DatasetFiles.of("zh", "train"))).containsExactly("zh/train.jsonl");
        assertThat(repo.chosenBy(DatasetFiles.of("fr", ""))).containsExactly("fr_train.jsonl");
        assertThatThrownBy(() -> repo.chosenBy(DatasetFiles.of("de", ""))).hasMessageContaining("Known: en, zh");
    }

    @Test
    void oneFormatIsTakenTheMostFrequentAndArchivesOnlyAlone() {
        assertThat(ListedFiles.of("a.parquet", "b.parquet", "sample.json", "raw.zip")
                        .chosenBy(DatasetFiles.of("", "")))
                .containsExactly("a.parquet", "b.parquet");
        assertThat(ListedFiles.of("raw.tar.gz", "model.py").chosenBy(DatasetFiles.of("", "")))
                .containsExactly("raw.tar.gz");
        assertThatThrownBy(() -> ListedFiles.of("load.py").chosenBy(DatasetFiles.of("", "")))
                .hasMessageContaining("no json, jsonl");
    }

    @Test
    void aCardThatCannotBeReadCountsAsNone() {
        for (String card : new String[] {"---\n: [\n---", "no block", "---\nconfigs: 7\n---", "---\na: &a [*a]\n---"}) {
            assertThat(ListedFiles.of("a.json").text("README.md", card).chosenBy(DatasetFiles.of("", "")))
                    .containsExactly("a.json");
        }
    }
}
