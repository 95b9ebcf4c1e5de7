package io.apus.corpus.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowMapperTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[{'role':'user','content':'Hi'},{'role':'assistant','content':'Hello'}]}",
                "{'conversations':[{'from':'human','value':'Hi'},{'from':'gpt','value':'Hello'}]}",
                "{'conversation':[{'from':'user','content':'Hi','extra':1},{'role':'bot','value':'Hello'}]}",
                "{'conversation':[{'human':'Hi','assistant':'Hello'}]}",
                "{'instruction':'Hi','input':'','output':'Hello'}",
                "{'Instruction':'Hi','INPUT':null,'Output':'Hello'}",
                "{'query':'Hi','response':'Hello'}",
                "{'question':'Hi','answer':'Hello'}",
                "{'prompt':'Hi','completion':['Hello','Hey']}",
                "{'problem':'Hi','solution':'Hello'}",
                "{'query':'Hi','response':[[{'type':'text','text':'Hel'},{'type':'text','value':'lo'}]]}",
                "{'messages':'[{\\'role\\':\\'user\\',\\'content\\':\\'Hi\\'},{\\'role\\':\\'assistant\\',\\'content\\':\\'Hello\\'}]'}",
            })
    void everyShapeOfAQuestionAndItsAnswerIsUnderstood(String row) {
        assertThat(Rows.turns(row)).isEqualTo("user: Hi | assistant: Hello");
    }

    @Test
    void alpacaJoinsInstructionAndInputByALineBreak() {
        assertThat(Rows.turns("{'instruction':'Add','input':'1 and 2','output':'3','text':'ignored'}"))
                .isEqualTo("user: Add\n1 and 2 | assistant: 3");
    }

    @Test
    void systemAndHistoryComeBeforeTheQuestion() {
        assertThat(Rows.turns("{'system_prompt':'Be brief','history':[['a','b']],'query':'c','response':'d'}"))
                .isEqualTo("system: Be brief | user: a | assistant: b | user: c | assistant: d");
    }

    @Test
    void aSystemColumnDoesNotReplaceTheConversationsOwn() {
        assertThat(Rows.turns(
                        "{'system':'no','messages':[{'role':'system','content':'yes'},{'role':'user','content':'q'}]}"))
                .isEqualTo("system: yes | user: q");
    }

    @Test
    void plainTextIsOneAssistantTurn() {
        assertThat(Rows.sample("{'text':'Once upon a time'}").isPlainText()).isTrue();
    }

    @Test
    void toolTurnsHaveManyNames() {
        assertThat(
                        Rows.turns(
                                "{'conversations':[{'from':'human','value':'q'},{'from':'function_call','value':'c'},{'from':'observation','value':'o'},{'from':'gpt','value':'a'}],'tools':'[{\\'name\\':\\'f\\'}]'}"))
                .isEqualTo("user: q | tool_call: c | tool_response: o | assistant: a");
    }

    @Test
    void openAiToolCallsBecomeTurns() {
        Sample sample = Rows.sample(
                "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':null,'tool_calls':[{'type':'function','function':{'name':'f','arguments':'{\\'x\\': 1}'}}]},{'role':'tool','content':'2'}],'tools':[{'type':'function'}]}");
        assertThat(Rows.turns(sample.messages()))
                .isEqualTo("user: q | tool_call: {\"name\":\"f\",\"arguments\":{\"x\":1}} | tool_response: 2");
        assertThat(sample.tools()).isEqualTo("[{\"type\":\"function\"}]");
    }

    @Test
    void consecutiveTurnsOfOneSpeakerAreJoinedUnlessTheirWeightsDiffer() {
        assertThat(
                        Rows.turns(
                                "{'messages':[{'role':'user','content':'a'},{'role':'user','content':'b'},{'role':'assistant','content':'c'}]}"))
                .isEqualTo("user: ab | assistant: c");
        assertThat(answers("'loss':false", "'loss':true"))
                .containsExactly(new Message("assistant", "b", false, null), new Message("assistant", "c", true, null));
        assertThat(answers("'loss_scale':1", "'loss_scale':2.5"))
                .containsExactly(new Message("assistant", "b", null, 1.0), new Message("assistant", "c", null, 2.5));
        assertThat(answers("'loss_scale':2", "'loss_scale':2.0"))
                .containsExactly(new Message("assistant", "bc", null, 2.0));
    }

    private static List<Message> answers(String first, String second) {
        String row = "{'messages':[{'role':'user','content':'a'},{'role':'assistant','content':'b'," + first
                + "},{'role':'assistant','content':'c'," + second + "}]}";
        List<Message> messages = Rows.sample(row).messages();
        return messages.subList(1, messages.size());
    }

    @Test
    void preferencePairsHaveTwoConversations() {
        String expected = "user: q | assistant: no";
        for (String row : new String[] {
            "{'query':'q','response':'yes','rejected_response':'no'}",
            "{'query':'q','response':'yes','rejected_response':[{'role':'assistant','content':'no'}]}",
            "{'query':'q','response':'yes','rejected_messages':[{'role':'user','content':'q'},{'role':'assistant','content':'no'}]}",
            "{'conversations':[{'from':'human','value':'q'}],'chosen':{'from':'gpt','value':'yes'},'rejected':{'from':'gpt','value':'no'}}",
            "{'instruction':'q','input':'','chosen':'yes','rejected':'no'}",
            "{'prompt':'q','chosen':[{'role':'user','content':'q'},{'role':'assistant','content':'yes'}],'rejected':[{'role':'user','content':'q'},{'role':'assistant','content':'no'}]}",
        }) {
            Sample sample = Rows.sample(row);
            assertThat(Rows.turns(sample.messages())).as(row).isEqualTo("user: q | assistant: yes");
            assertThat(Rows.turns(sample.rejectedMessages())).as(row).isEqualTo(expected);
        }
    }

    @Test
    void sideColumnsAreCarried() {
        Sample sample = Rows.sample(
                "{'query':'q','response':'a','label':true,'margin':0.5,'channel':'web','image':'1.png','objects':{'ref':[],'bbox':[[1,2]]},'score':1.50,'id':'x'}");
        assertThat(sample.label()).isEqualTo("true");
        assertThat(sample.margin()).isEqualTo(0.5);
        assertThat(sample.channel()).isEqualTo("web");
        assertThat(sample.media())
                .containsOnly(Map.entry("images", "[\"1.png\"]"), Map.entry("objects", "{\"bbox\":[[1,2]]}"));
        assertThat(sample.extra()).containsOnly(Map.entry("score", "1.50"), Map.entry("id", "\"x\""));
    }

    @Test
    void labelsAndMarginsOfCsvAreTexts() {
        Sample sample = Rows.sample("{'query':'q','response':'a','label':'True','margin':' 2 '}");
        assertThat(sample.label()).isEqualTo("true");
        assertThat(sample.margin()).isEqualTo(2.0);
    }

    @Test
    void groupsOfConversationsAreRead() {
        Sample sample = Rows.sample(
                "{'messages':[{'role':'user','content':'q'}],'positive_messages':[[{'role':'user','content':'p'}]],'negative_messages':[[{'role':'user','content':'n'}],[{'role':'user','content':'m'}]]}");
        assertThat(sample.positiveMessages()).hasSize(1);
        assertThat(sample.negativeMessages()).hasSize(2);
    }

    @Test
    void renamesWinAndTwoCandidatesCancelEachOther() {
        assertThat(Rows.turns(Rows.kept(Rows.map(
                                "{'q1':'Hi','text':'Hello','answer':'x'}", Map.of("Q1", "query", "text", "response")))
                        .messages()))
                .isEqualTo("user: Hi | assistant: Hello");
        Sample sample = Rows.sample("{'query':'Hi','question':'other','answer':'x','solution':'y'}");
        assertThat(Rows.turns(sample.messages())).isEqualTo("user: Hi");
        assertThat(sample.extra()).containsOnlyKeys("question", "answer", "solution");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'query':'a'                                                                  | broken_json",
                "{'query':'a'} {'query':'b'}                                                   | broken_json",
                "[1, 2]                                                                        | not_an_object",
                "{'id': 3}                                                                     | no_messages",
                "{'messages':[]}                                                               | no_messages",
                "{'messages':'hello'}                                                          | no_messages",
                "{'question':'a','prompt':'b'}                                                 | no_messages",
                "{'messages':['a']}                                                            | bad_message",
                "{'messages':[{'content':'a'}]}                                                | bad_message",
                "{'messages':[{'role':'user','content':null}]}                                 | bad_message",
                "{'messages':[{'role':'user','content':'a','loss':'yes'}]}                     | bad_message",
                "{'messages':[{'role':'narrator','content':'a'}]}                              | unknown_role",
                "{'messages':[{'role':'user','content':5}]}                                    | content_not_text",
                "{'messages':[{'role':'user','content':[{'type':'hologram','url':'x'}]}]}      | content_not_text",
                "{'messages':[{'role':'user','content':[{'type':'image'}]}]}                   | bad_media",
                "{'query':'<image> <image>','response':'a','image':'1.png'}                    | bad_media",
                "{'query':'a','response':'b','images':[3]}                                     | bad_media",
                "{'query':'a','response':'<bbox>','objects':{'ref':['x'],'bbox':[]}}           | bad_objects",
                "{'query':'a','response':'b','objects':{'bbox':[[1,2,3]]}}                     | bad_objects",
                "{'query':'a','response':'b','objects':{'bbox':[[1,2]],'bbox_type':'inch'}}    | bad_objects",
                "{'query':'a','response':'b','objects':{'bbox':[[1,2]],'image_id':[0]}}        | bad_objects",
                "{'query':'a','response':'b','tools':['x']}                                    | bad_tools",
                "{'query':'a','response':'b','positive_messages':[3]}                          | bad_message_groups",
                "{'query':'a','response':{'b':1}}                                              | content_not_text",
                "{'query':'a','response':'b','history':[['c']]}                                | bad_history",
                "{'query':'a','response':'b','rejected_response':'b'}                          | bad_rejected",
                "{'query':'a','response':'b','positive_messages':'c'}                          | bad_message_groups",
                "{'query':'a','response':'b','tools':'not json'}                               | bad_tools",
                "{'query':'a','response':'b','margin':'wide'}                                  | bad_margin",
            })
    void whatCannotBeUnderstoodIsRefusedWithItsReason(String row, String reason) {
        Reject reject = Rows.reject(row);
        assertThat(reject.reason()).isEqualTo(reason);
        assertThat(reject.stage()).isEqualTo("ingest");
        assertThat(reject.key().row()).isEqualTo(7);
        assertThat(reject.raw()).isEqualTo(row.replace('\'', '"'));
        assertThat(reject.detail()).startsWith("data.file:8: ").doesNotContain("\n");
    }

    @Test
    void deeplyNestedJsonIsRefusedAndDoesNotOverflow() {
        assertThat(Rows.reject("{'a':" + "[".repeat(100_000)).reason()).isEqualTo("broken_json");
    }
}
