package io.apus.jobs.data.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.UserError;
import io.apus.testkit.SharedReference;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DatasetsCommandTest {
    private static final String CONF = "apus.conf";

    @BeforeEach
    void catalog() {
        System.setProperty(CONF, SharedReference.projectRoot().resolve("conf").toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty(CONF);
    }

    @Test
    void listsEverythingOrWhatHasAWord() {
        assertThat(run()).contains("quickstart-chat", "gsm8k").containsPattern("\\n\\d+ datasets;");
        assertThat(run("POETRY"))
                .contains("chinese-poetry-collection", "ms::modelscope/chinese-poetry-collection")
                .doesNotContain("gsm8k");
    }

    @Test
    void showsWhatIsDoneToADatasetInWords() {
        assertThat(run("show", "firefly-train-1_1m"))
                .contains(
                        "ms::AI-ModelScope/firefly-train-1.1M hf::YeungNLP/firefly-train-1.1M",
                        "default [train]",
                        "refuse rows unless kind is ProseGeneration",
                        "apus sft --model FOLDER --dataset firefly-train-1_1m#1000");
        assertThat(run("show", "simpleai/HC3"))
                .contains("finance_cls (finance on the hub) [train]", "one row for each author", "hc3:finance#1000");
    }

    @Test
    void countsByShapeAndKindOfMapping() {
        assertThat(run("--summary")).containsPattern("all( +\\d+){5}\\s*$").contains("preference");
    }

    @Test
    void anUnknownDatasetIsAnsweredWithTheNearest() {
        assertThat(run("show", "gsm9k")).contains("Unknown dataset", "Did you mean \"gsm8k\"?");
    }

    private static String run(String... words) {
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new DatasetsCommand());
        line.setOut(new PrintWriter(out));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            assertThat(failure).isInstanceOf(UserError.class);
            out.append(failure.getMessage());
            return 2;
        });
        line.execute(words);
        return out.toString();
    }
}
