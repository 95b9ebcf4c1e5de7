package io.apus.corpus.mapping.special;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.corpus.mapping.step.Draws;
import io.apus.corpus.mapping.step.RowStep;
import io.apus.corpus.mapping.step.StepOptions;
import java.util.List;

/**
 * {@code grounding_prompt: grounding} or {@code caption}: draws a question about one object and its answer; {@code <ref-object>} and
 * {@code <bbox>} in them stand for the name and the box in the column {@code objects}. Four of five are English, the others Chinese; the
 * wordings are those that ms-swift gives to RefCOCO and GRIT.
 */
public final class GroundingPrompt implements RowStep {
    private static final String NAME = "<ref-object>";
    private static final String BOX = "<bbox>";
    private static final int LANGUAGES = 5;

    private static final List<String> FIND = List.of(
            NAME,
            "The positions of <ref-object> is",
            "Find the positions of <ref-object>",
            "Where is <ref-object>",
            "Find <ref-object>",
            "Show me <ref-object>",
            "Detect <ref-object>",
            "Locate <ref-object>",
            "Tell me the location of <ref-object>",
            "Give the location of <ref-object>",
            "Provide the bounding box coordinate of <ref-object>");
    private static final List<String> FIND_CHINESE = List.of(
            NAME,
            "<ref-object>的位置在图片中",
            "<ref-object>在图片中",
            "<ref-object>在",
            "找到<ref-object>的位置",
            "<ref-object>在哪里",
            "提供<ref-object>的坐标位置");
    private static final List<String> DESCRIBE = List.of(
            BOX,
            "The object at position <bbox>",
            "This <bbox> is",
            "What is the object at <bbox>",
            "Describe <bbox>",
            "<bbox> is",
            "The bounding box coordinate <bbox> contains");
    private static final List<String> DESCRIBE_CHINESE =
            List.of(BOX, "<bbox>是什么", "<bbox>的位置包含", "描述<bbox>", "<bbox>中是", "坐标<bbox>描述了什么", "描述<bbox>中的事物");

    private final boolean find;

    private GroundingPrompt(boolean find) {
        this.find = find;
    }

    public static RowStep of(StepOptions options) {
        String task = options.only("value").text("value");
        if (!List.of("grounding", "caption").contains(task)) {
            throw options.problem("\"" + task + "\" is neither grounding nor caption");
        }
        return new GroundingPrompt(task.equals("grounding"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        boolean english = draws.below(LANGUAGES) != 0;
        List<String> prompts = english ? find ? FIND : DESCRIBE : find ? FIND_CHINESE : DESCRIBE_CHINESE;
        row.put("query", prompts.get(draws.below(prompts.size())));
        row.put("response", find ? BOX : NAME);
    }

    @Override
    public String words() {
        return find ? "ask for the box of the object" : "ask what the box shows";
    }
}
