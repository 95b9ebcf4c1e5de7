package io.apus.corpus.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools, calls and reasoning in the spellings of OpenAI, Anthropic and LLaMA-Factory. */
class AgentShapesTest {
    private static final String CALL = "{\"name\":\"f\",\"arguments\":{\"x\":1}}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'role':'assistant','content':'','tool_calls':[{'function':{'name':'f','arguments':'{\\\\'x\\\\':1}'}}]},{'role':'tool','content':'2'}",
                "{'role':'assistant','tool_calls':'[{\\\\'name\\\\':\\\\'f\\\\',\\\\'arguments\\\\':{\\\\'x\\\\':1}}]'},{'role':'tool','content':'2'}",
                "{'role':'assistant','content':null,'function_call':{'name':'f','arguments':'{\\\\'x\\\\':1}'}},{'role':'function','content':'2'}",
                "{'role':'assistant','content':[{'type':'tool_use','id':'1','name':'f','input':{'x':1}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'1','content':'2'}]}",
                "{'role':'assistant','content':[{'type':'tool_use','name':'f','input':{'x':1}}]},{'role':'user','content':[{'type':'tool_result','content':[{'type':'text','text':'2'}]}]}",
                "{'role':'assistant','content':[{'type':'tool_call','value':'{\\\\'name\\\\':\\\\'f\\\\',\\\\'arguments\\\\':{\\\\'x\\\\':1}}'}]},{'role':'tool','content':[{'type':'text','value':'2'}]}",
                "{'role':'tool_call','content':{'name':'f','arguments':{'x':1}}},{'from':'function-response','value':'2'}",
                "{'role':'tool_call','content':[{'name':'f','arguments':{'x':1}}]},{'from':'observations','value':'2'}",
            })
    void everySpellingOfACallAndItsResultGivesTheSameTurns(String turns) {
        String row = "{'messages':[{'role':'user','content':'q'}," + turns.replace("\\\\'", "\\'") + "]}";
        assertThat(Rows.turns(row)).isEqualTo("user: q | tool_call: " + CALL + " | tool_response: 2");
    }

    @Test
    void severalCallsAtOnceBecomeSeveralTurnsThatShareTheLoss() {
        Sample sample = Rows.sample("{'messages':[{'role':'user','content':'q'},{'role':'assistant','loss':false,"
                + "'content':[{'type':'text','text':'Let me look.'},{'type':'tool_use','name':'f','input':{'x':1}},"
                + "{'type':'tool_use','name':'g','input':{}}]},{'role':'user','content':[{'type':'tool_result','content':'1'},"
                + "{'type':'tool_result','content':{'y':2}},{'type':'text','text':'And now?'}]}]}");
        assertThat(Rows.turns(sample.messages()))
                .isEqualTo("user: q | assistant: Let me look. | tool_call: " + CALL
                        + " | tool_call: {\"name\":\"g\",\"arguments\":{}} | tool_response: 1 | tool_response: {\"y\":2}"
                        + " | user: And now?");
        assertThat(sample.messages().subList(1, 4)).extracting(Message::loss).containsOnly(false);
        assertThat(Rows.turns("{'messages':[{'role':'user','content':'q'},"
                        + "{'role':'tool_call','content':'[{\\'name\\':\\'f\\'},{\\'name\\':\\'g\\'}]'}]}"))
                .isEqualTo("user: q | tool_call: {\"name\":\"f\"} | tool_call: {\"name\":\"g\"}");
        assertThat(Rows.turns("{'messages':[{'role':'user','content':'q'},{'role':'tool_call','content':'[3]'}]}"))
                .isEqualTo("user: q | tool_call: [3]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'content':[{'type':'reasoning','value':'Hm.'},{'type':'text','value':'Yes.'}]",
                "'content':[{'type':'thinking','thinking':'Hm.\\n','signature':'s'},{'type':'text','text':'Yes.'}]",
                "'content':'Yes.','reasoning_content':'Hm.'",
            })
    void reasoningIsKeptAsAThinkingBlock(String content) {
        assertThat(Rows.turns("{'messages':[{'role':'user','content':'q'},{'role':'assistant'," + content + "}]}"))
                .isEqualTo("user: q | assistant: <think>\nHm.\n</think>\n\nYes.");
    }

    @Test
    void reasoningBeforeACallStaysInFrontOfIt() {
        assertThat(Rows.turns("{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':null,"
                        + "'reasoning_content':'Hm.','tool_calls':[{'function':{'name':'f','arguments':{'x':1}}}]}]}"))
                .isEqualTo("user: q | assistant: <think>\nHm.\n</think>\n\n | tool_call: " + CALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{'name':'f'}]",
                "{'name':'f'}",
                "['{\\'name\\':\\'f\\'}']",
                "'[{\\'name\\':\\'f\\'}]'",
                "'{\\'name\\':\\'f\\'}'",
            })
    void toolsMayBeWrittenInManyWays(String tools) {
        assertThat(Rows.sample("{'query':'q','response':'a','tools':" + tools + "}")
                        .tools())
                .isEqualTo("[{\"name\":\"f\"}]");
    }

    @Test
    void noToolsAreNoTools() {
        for (String none : new String[] {"null", "[]", "''", "' '", "'[]'"}) {
            assertThat(Rows.sample("{'query':'q','response':'a','tools':" + none + "}")
                            .tools())
                    .as(none)
                    .isNull();
        }
    }
}
