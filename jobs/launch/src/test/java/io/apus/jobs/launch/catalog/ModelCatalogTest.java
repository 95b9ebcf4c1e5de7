package io.apus.jobs.launch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.corpus.template.named.NamedTemplates;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.ModelEntry;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCatalogTest {
    private static final ModelCatalog CATALOG =
            new ModelCatalog(SharedReference.projectRoot().resolve("conf"));

    @Test
    void everyTextModelOfMsSwiftIsThereOnceWithATemplateThatExists() {
        List<String> ids = CATALOG.entries().stream().map(ModelEntry::id).toList();
        assertThat(ids).hasSize(713).doesNotHaveDuplicates();
        assertThat(CATALOG.entries())
                .allSatisfy(entry -> assertThat(NamedTemplates.names()).contains(entry.template()));
        assertThat(CATALOG.entries())
                .filteredOn(entry -> entry.context() == null)
                .hasSizeLessThan(20);
    }

    @Test
    void theCatalogSaysWhatTheReferenceSays() throws IOException {
        List<String> lines = Files.readAllLines(SharedReference.path("reference/models.tsv"));
        List<String> names = List.of(lines.get(0).split("\t", -1));
        Set<String> wanted = new TreeSet<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.split("\t", -1);
            if (values[names.indexOf("is_multimodal")].equals("false")) {
                wanted.add(String.join(
                        " ",
                        values[names.indexOf("ms_id")],
                        values[names.indexOf("hf_id")],
                        values[names.indexOf("model_type")],
                        values[names.indexOf("architectures")],
                        values[names.indexOf("template")]));
            }
        }
        Set<String> have = new TreeSet<>();
        CATALOG.entries()
                .forEach(entry -> have.add(String.join(
                        " ",
                        entry.ms() == null ? "" : entry.ms(),
                        entry.hf() == null ? "" : entry.hf(),
                        entry.modelType(),
                        String.join(",", entry.architectures()),
                        entry.template())));
        assertThat(have).isEqualTo(wanted);
    }

    @Test
    void findsModelsByIdNameFamilyAndArchitecture() {
        assertThat(CATALOG.entry("hf::google/gemma-2-2b-it").ms()).isEqualTo("LLM-Research/gemma-2-2b-it");
        assertThat(CATALOG.entry("QWEN2.5-7B-instruct").template()).isEqualTo("qwen2_5");
        assertThat(CATALOG.entry("Qwen/Qwen3-0.6B").context()).isEqualTo(40960);
        assertThat(CATALOG.entry("state-spaces/mamba-130m-hf").context()).isEqualTo(ModelEntry.UNLIMITED);
        assertThat(CATALOG.entry("Qwen/Qwen3-Embedding-8B").kind()).isEqualTo("embedding");
        assertThat(CATALOG.ofType("yi_coder")).isEmpty();
        assertThat(CATALOG.ofType("yi")).hasSize(31);
        assertThat(CATALOG.ofArchitecture("BaiChuanForCausalLM")).hasSize(9);
        assertThatThrownBy(() -> CATALOG.entry("Qwen/Qwen3-0.7B"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Did you mean \"Qwen/Qwen3-0.6B\"?");
    }

    @Test
    void everythingWrongWithAFileIsSaidAtOnce(@TempDir Path conf) throws IOException {
        Files.createDirectories(conf.resolve("models"));
        Files.writeString(
                conf.resolve("models/bad.yaml"),
                """
                families:
                  - model_type: llama
                    architecture: LlamaForCausalLM
                    template: llama
                    models:
                      - {id: owner, kind: chatt}
                      - {context: 1}
                      - {id: a/b, context: much}
                """);
        assertThatThrownBy(() -> new ModelCatalog(conf))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll(
                        "unknown key \"architecture\", did you mean \"architectures\"?",
                        "ms is \"owner\", not owner/name",
                        "did you mean \"chat\"?",
                        "neither an id on both hubs nor ms or hf",
                        "context is 1",
                        "context must be a number");
    }
}
