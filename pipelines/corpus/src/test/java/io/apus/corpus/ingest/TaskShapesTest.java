package io.apus.corpus.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of the tasks beside plain fine-tuning: preference, labels, prompts for rewards, ranking. */
class TaskShapesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'prompt':[{'role':'user','content':'q'}],'chosen':[{'role':'assistant','content':'yes'}],'rejected':[{'role':'assistant','content':'no'}]}",
                "{'chosen':[{'role':'user','content':'q'},{'role':'assistant','content':'yes'}],'rejected':[{'role':'user','content':'q'},{'role':'assistant','content':'no'}]}",
                "{'prompt':'q','messages':[{'role':'user','content':'q'},{'role':'assistant','content':'yes'}],'chosen':[{'role':'user','content':'q'},{'role':'assistant','content':'yes'}],'rejected':[{'role':'user','content':'q'},{'role':'assistant','content':'no'}]}",
                "{'question':'q','chosen':'yes','rejected':'no','answer':'3'}",
                "{'query':'q','response':'yes','rejected_response':['no']}",
                "{'prompt':'q','chosen':[{'type':'text','text':'yes'}],'rejected':[{'type':'text','text':'no'}]}",
            })
    void preferencePairsOfTrl(String row) {
        Sample sample = Rows.sample(row);
        assertThat(Rows.turns(sample.messages())).isEqualTo("user: q | assistant: yes");
        assertThat(Rows.turns(sample.rejectedMessages())).isEqualTo("user: q | assistant: no");
    }

    @Test
    void scoresNamedChosenAreNoPair() {
        Sample sample = Rows.sample("{'query':'q','response':'a','chosen':true,'rejected':false}");
        assertThat(sample.rejectedMessages()).isNull();
        assertThat(sample.extra()).containsOnlyKeys("chosen", "rejected");
    }

    @Test
    void conversationalPromptAndCompletion() {
        Sample sample = Rows.sample("{'prompt':[{'role':'system','content':'s'},{'role':'user','content':'q'}],"
                + "'completion':[{'role':'assistant','content':'a'}],'label':false}");
        assertThat(Rows.turns(sample.messages())).isEqualTo("system: s | user: q | assistant: a");
        assertThat(sample.label()).isEqualTo("false");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "3 | 3",
                "'1' | 1",
                "[0,2] | [0,2]",
                "0.5 | 0.5",
                "'[0.1, 0.9]' | [0.1, 0.9]",
                "'False' | false",
                "'spam' | \"spam\""
            })
    void labelsOfClassification(String label, String expected) {
        Sample sample = Rows.sample("{'messages':[{'role':'user','content':'q'}],'label':" + label + "}");
        assertThat(sample.label()).isEqualTo(expected);
        assertThat(sample.isPrompt()).isTrue();
    }

    @Test
    void promptsForRewardsKeepEveryOtherColumn() {
        Sample sample =
                Rows.sample("{'messages':[{'role':'user','content':'1+1?'}],'solution':'2','chat_template_kwargs':"
                        + "{'enable_thinking':false},'teacher_prompt':'t','id':7}");
        assertThat(sample.isPrompt()).isTrue();
        assertThat(sample.extra())
                .isEqualTo(Map.of(
                        "solution", "\"2\"",
                        "chat_template_kwargs", "{\"enable_thinking\":false}",
                        "teacher_prompt", "\"t\"",
                        "id", "7"));
        assertThat(Rows.sample("{'query':'q'}").isPrompt()).isFalse();
    }

    @Test
    void aSolutionThatIsTheAnswerReachesTheRewardsToo() {
        Sample sample = Rows.sample("{'problem':'1+1?','solution':'2'}");
        assertThat(Rows.turns(sample.messages())).isEqualTo("user: 1+1? | assistant: 2");
        assertThat(sample.extra()).isEqualTo(Map.of("solution", "\"2\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'positive':'p','negative':['n','m']",
                "'positive':['p'],'negative_messages':[[{'role':'user','content':'n'}],[{'role':'user','content':'m'}]]",
                "'positive_messages':[{'role':'user','content':'p'}],'negative_messages':['n','m']",
                "'positive_messages':'[[{\\'role\\':\\'user\\',\\'content\\':\\'p\\'}]]','negative':['n','m']",
            })
    void rankingGroups(String columns) {
        Sample sample = Rows.sample("{'query':'q'," + columns + "}");
        assertThat(sample.positiveMessages()).map(Rows::turns).containsExactly("user: p");
        assertThat(sample.negativeMessages()).map(Rows::turns).containsExactly("user: n", "user: m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'[[\"a\", \"b\"]]'",
                "\"[['a', 'b']]\"",
                "\"[('a', 'b')]\"",
                "[['a','b']]",
                "[{'role':'user','content':'a'},{'role':'assistant','content':'b'}]"
            })
    void historyMayBeJsonOrPython(String history) {
        String json = "{\"query\":\"c\",\"response\":\"d\",\"history\":"
                + (history.startsWith("[") ? history.replace('\'', '"') : quoted(history)) + "}";
        Mapped mapped = new RowMapper(Map.of()).map(new RawRow("d", 0, 0, "d:1", json, null, ""));
        assertThat(Rows.turns(Rows.kept(mapped).messages()))
                .isEqualTo("user: a | assistant: b | user: c | assistant: d");
    }

    private static String quoted(String text) {
        return "\"" + text.substring(1, text.length() - 1).replace("\"", "\\\"") + "\"";
    }

    @Test
    void whatPythonPrintsIsRead() {
        assertThat(PythonLiteral.parseOrNull("[{'a': 'it\\'s', \"b\": [1, -2.5, True, None,], 'c': '\\u4f60\\n'}, ()]"))
                .hasToString("[{\"a\":\"it's\",\"b\":[1,-2.5,true,null],\"c\":\"你\\n\"},[]]");
        for (String wrong : List.of("[", "['a'", "a()", "[1 2]", "'\\u12'", "", "[".repeat(100_000), "{'a'}")) {
            assertThat(PythonLiteral.parseOrNull(wrong)).as(wrong).isNull();
        }
    }

    @Test
    void namesFillThePlaceholdersInTheLanguageOfTheRow() {
        SelfNames names = new SelfNames(List.of("小黄", "Xiao Huang"), List.of("魔搭"));
        assertThat(named("{'query':'Who are you?','response':'I am {{NAME}} by {{author}}.'}", names))
                .isEqualTo("user: Who are you? | assistant: I am Xiao Huang by 魔搭.");
        assertThat(named("{'query':'你是谁','response':'我是{{NAME}}'}", names)).isEqualTo("user: 你是谁 | assistant: 我是小黄");
        assertThat(named("{'query':'{{NAME}}?','response':'yes','tag':'zh'}", names))
                .isEqualTo("user: 小黄? | assistant: yes");
        assertThat(named("{'query':'{{NAME}}?','response':'yes'}", SelfNames.NONE))
                .startsWith("user: {{NAME}}?");
    }

    private static String named(String row, SelfNames names) {
        RowMapper mapper = new RowMapper(new RowRules(Map.of(), true, names));
        return Rows.turns(Rows.kept(mapper.map(new RawRow("d", 0, 0, "d:1", row.replace('\'', '"'), null, "")))
                .messages());
    }

    @Test
    void withoutAutomaticMappingOnlyStandardNamesAndRenamesCount() {
        RowMapper mapper = new RowMapper(new RowRules(Map.of("frage", "query"), false, SelfNames.NONE));
        String row = "{\"frage\":\"q\",\"response\":\"a\",\"system_prompt\":\"s\",\"answer\":\"b\"}";
        Sample sample = Rows.kept(mapper.map(new RawRow("d", 0, 0, "d:1", row, null, "")));
        assertThat(Rows.turns(sample.messages())).isEqualTo("user: q | assistant: a");
        assertThat(sample.extra()).containsOnlyKeys("system_prompt", "answer");
    }
}
