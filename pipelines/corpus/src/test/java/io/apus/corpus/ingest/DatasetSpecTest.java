package io.apus.corpus.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetSpecTest {
    private static final Set<String> HERE =
            Set.of("a.json", "odd:name", "repo", "repo/data", "weird#x", "table", "quick", "x@v3");

    private static DatasetSpec parse(String text) {
        return DatasetSpec.parse(text, HERE::contains);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "a.json#20,              PATH, -, a.json, '', '', -, 20",
                "odd:name,               PATH, -, odd:name, '', '', -, -",
                "weird#x#7,              PATH, -, weird#x, '', '', -, 7",
                "quick,                  PATH, -, quick, '', '', -, -",
                "repo,                   PATH, -, repo, '', '', -, -",
                "repo/data,              PATH, -, repo/data, '', '', -, -",
                "repo:en/zh,             PATH, -, repo, en zh, '', -, -",
                "repo:en/test#5,         PATH, -, repo, en, test, -, 5",
                "repo/validation,        PATH, -, repo, '', validation, -, -",
                "table@v3,               PATH, -, table, '', '', 3, -",
                "x@v3,                   PATH, -, x@v3, '', '', -, -",
                "missing.jsonl,          PATH, -, missing.jsonl, '', '', -, -",
                "/data/x:y,              PATH, -, /data/x:y, '', '', -, -",
                "data/*.jsonl#3,         PATH, -, data/*.jsonl, '', '', -, 3",
                "s3a://b/k/t@v12#9,      PATH, -, s3a://b/k/t, '', '', 12, 9",
                "hdfs://n:9000/a.jsonl,  PATH, -, hdfs://n:9000/a.jsonl, '', '', -, -",
                "file:///a/b,            PATH, -, file:///a/b, '', '', -, -",
                "alpaca_en,              NAME, -, alpaca_en, '', '', -, -",
                "alpaca_en:zh#5,         NAME, -, alpaca_en, zh, '', -, 5",
                "alpaca_en/test,         NAME, -, alpaca_en, '', test, -, -",
                "org/set,                REPOSITORY, -, org/set, '', '', -, -",
                "org/set:all,            REPOSITORY, -, org/set, all, '', -, -",
                "org/set:main/test#100,  REPOSITORY, -, org/set, main, test, -, 100",
                "org/set:a/b/c,          REPOSITORY, -, org/set, a b c, '', -, -",
                "org/set:test,           REPOSITORY, -, org/set, test, '', -, -",
                "org/set/extra,          REPOSITORY, -, org/set, '', extra, -, -",
                "org/set/train+test,     REPOSITORY, -, org/set, '', train test, -, -",
                "hf::org/set,            REPOSITORY, HUGGING_FACE, org/set, '', '', -, -",
                "hf::org/test,           REPOSITORY, HUGGING_FACE, org/test, '', '', -, -",
                "hf::squad:plain_text,   REPOSITORY, HUGGING_FACE, squad, plain_text, '', -, -",
                "ms::a.b/c-d_1:x/train_sft#2, REPOSITORY, MODELSCOPE, a.b/c-d_1, x, train_sft, -, 2",
            })
    void everyFormIsTakenApart(
            String text,
            DatasetSpec.Kind kind,
            Hub hub,
            String id,
            String subsets,
            String splits,
            Long version,
            Long sample) {
        DatasetSpec spec = parse(text);

        assertThat(spec.kind()).isEqualTo(kind);
        assertThat(spec.hub()).isEqualTo(hub);
        assertThat(spec.id()).isEqualTo(id);
        assertThat(String.join(" ", spec.part().subsets())).isEqualTo(subsets);
        assertThat(String.join(" ", spec.part().splits())).isEqualTo(splits);
        assertThat(spec.version()).isEqualTo(version);
        assertThat(spec.sample()).isEqualTo(sample);
        assertThat(text).startsWith(spec.name());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a#0",
                "#5",
                "",
                " ",
                "a#99999999999999999999",
                "hf::",
                "hf::../x",
                "hf::a/b/c/d",
                "ms::/x",
                "hf::a/..",
                "hf::a:",
                "hf::a\\b"
            })
    void whatCannotBeMeantIsTheUsersMistake(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(UserError.class);
    }

    @Test
    void onlyPlainWordsCanBeCatalogFiles() {
        assertThat(parse("alpaca_en#5").isCatalogName()).isTrue();
        assertThat(parse("data/*.jsonl").isCatalogName()).isFalse();
        assertThat(parse("org/set").isCatalogName()).isFalse();
        assertThat(parse("quick").isCatalogName()).isFalse();
    }
}
