package io.apus.corpus.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.Sample;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures, films, sounds and boxes: from columns or content blocks, with a tag for each. */
class MediaShapesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'query':'<image>What?','response':'A cat','image':'1.png'}",
                "{'query':'What?','response':'A cat','images':['1.png']}",
                "{'query':'What?','response':'A cat','images':'[\\'1.png\\']'}",
                "{'query':'What?','response':'A cat','Image':{'bytes':null,'path':'1.png'}}",
                "{'query':'What?','response':'A cat','images':[{'url':'1.png'}]}",
                "{'messages':[{'role':'user','content':[{'type':'image','image':'1.png'},{'type':'text','text':'What?'}]},{'role':'assistant','content':'A cat'}]}",
                "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'1.png'}},{'type':'text','text':'What?'}]},{'role':'assistant','content':'A cat'}]}",
                "{'messages':[{'role':'user','content':[{'image':'1.png'},{'text':'What?'}]},{'role':'assistant','content':[{'text':'A cat'}]}]}",
                "{'messages':[{'role':'user','content':[{'type':'image','text':null},{'type':'text','text':'What?'}]},{'role':'assistant','content':'A cat'}],'images':['1.png']}",
            })
    void everySpellingOfAPictureGivesTheSameSample(String row) {
        Sample sample = Rows.sample(row);
        assertThat(Rows.turns(sample.messages())).isEqualTo("user: <image>What? | assistant: A cat");
        assertThat(sample.media()).isEqualTo(Map.of("images", "[\"1.png\"]"));
        assertThat(sample.extra()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'videos':['a.mp4','b.mp4']                       | user: <video><video>q | videos | [\"a.mp4\",\"b.mp4\"]",
                "'video':[['1.png','2.png']]                      | user: <video>q        | videos | [[\"1.png\",\"2.png\"]]",
                "'audio':'a.wav'                                  | user: <audio>q        | audios | [\"a.wav\"]",
                "'images':[{'bytes':'aGk=','path':null}]          | user: <image>q        | images | [{\"bytes\":\"aGk=\",\"path\":null}]",
            })
    void missingTagsGoBeforeTheFirstMessage(String column, String turn, String name, String value) {
        Sample sample = Rows.sample("{'system':'s','query':'q','response':'a'," + column + "}");
        assertThat(Rows.turns(sample.messages())).isEqualTo("system: s | " + turn + " | assistant: a");
        assertThat(sample.media()).isEqualTo(Map.of(name, value));
    }

    @Test
    void aTagWithoutMediaIsText() {
        Sample sample = Rows.sample("{'query':'What is an <image> in HTML?','response':'<img>','images':[]}");
        assertThat(sample.media()).isEmpty();
    }

    @Test
    void theRejectedAnswerShowsWhatTheChosenOneDoesUnlessItBringsItsOwn() {
        Sample shared = Rows.sample("{'query':'q','response':'a','rejected_response':'b','image':'1.png'}");
        assertThat(Rows.turns(shared.rejectedMessages())).isEqualTo("user: <image>q | assistant: b");
        assertThat(shared.media()).containsOnlyKeys("images");
        Sample own = Rows.sample(
                "{'query':'q','response':'a','rejected_response':'b','image':'1.png','rejected_images':['2.png']}");
        assertThat(own.media()).isEqualTo(Map.of("images", "[\"1.png\"]", "rejected_images", "[\"2.png\"]"));
    }

    @Test
    void rankingConversationsHaveTheirOwnMedia() {
        Sample sample = Rows.sample("{'messages':[{'role':'user','content':'q'}],'images':['0.png'],"
                + "'positive_messages':[[{'role':'user','content':'<image>'}]],'positive_images':['1.png'],"
                + "'negative_messages':[[{'role':'user','content':'n'}],[{'role':'user','content':'m'}]],"
                + "'negative_images':[['2.png'],['3.png']]}");
        assertThat(sample.media())
                .isEqualTo(Map.of(
                        "images", "[\"0.png\"]",
                        "positive_images", "[[\"1.png\"]]",
                        "negative_images", "[[\"2.png\"],[\"3.png\"]]"));
        assertThat(Rows.turns(sample.negativeMessages().get(1))).isEqualTo("user: <image>m");
    }

    @Test
    void boxesAreBroughtInOrderAndOtherKeysDropped() {
        Sample sample = Rows.sample("{'query':'Find <ref-object>','response':'<bbox>','image':'1.png',"
                + "'objects':{'bbox':[[9,8,1.5,2]],'ref':['sheep'],'bbox_type':'real','image_id':[0],'score':1}}");
        assertThat(sample.media().get("objects"))
                .isEqualTo("{\"ref\":[\"sheep\"],\"bbox\":[[1.5,2,9,8]],\"bbox_type\":\"real\",\"image_id\":[0]}");
    }
}
