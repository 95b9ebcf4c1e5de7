package io.apus.corpus.template.named;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.Locale;

/** The styles that {@code templates.json} names. */
final class Styles {
    private static final Registry<Style> ALL = Registry.of(
            "style",
            entry("plain", Style.PLAIN),
            entry("ernie_thinking", new ErnieThinking()),
            entry("gemma3", new Gemma3()),
            entry("gemma4", new Gemma4()),
            entry("glm4", new Glm()),
            entry("glm5_2", new Glm52()),
            entry("gpt_oss", new GptOss()),
            entry("hunyuan", new Hunyuan()),
            entry("hy_v3_preview", new HunyuanV3("")),
            entry("hy_v3", new HunyuanV3(":opensource")),
            entry("kimi_k25", new Kimi()),
            entry("qwen3_5", new Qwen35()),
            entry("qwen3_8", new Qwen38()));

    private Styles() {}

    static Style get(String name) {
        return ALL.get(name);
    }

    private static Message withContent(Message message, String content) {
        return new Message(message.role(), content, message.loss(), message.lossScale());
    }

    /** Answers stand in a response element behind their thinking. */
    private static final class ErnieThinking implements Style {
        @Override
        public String assistant(String content) {
            if (content.contains("<response>")) {
                return content;
            }
            if (!content.contains("</think>")) {
                return "<response>\n" + content + "\n</response>\n";
            }
            String answered = content.replace("</think>", "</think>\n\n<response>\n") + "\n</response>";
            return answered.contains("<think>\n") ? answered : answered.replace("<think>", "<think>\n");
        }
    }

    private static final class Gemma3 implements Style {
        @Override
        public boolean putsSystemIntoUser() {
            return true;
        }

        @Override
        public String assistant(String content) {
            return content.replaceAll("^\n+|\n+$", "");
        }
    }

    private static final class Gemma4 implements Style {
        @Override
        public String system(String system, Setting setting) {
            return setting.thinks() ? "<|think|>\n" + (system == null ? "" : system) : system;
        }

        @Override
        public String thinkingStart() {
            return "<|channel>thought";
        }

        @Override
        public String withoutThinking(String content) {
            return content.substring(Style.behind(content, "<channel|>")).strip();
        }
    }

    /** The line break behind the assistant's mark is written only before words. */
    private static class Glm implements Style {
        @Override
        public String beforeAnswer(String prompt, String next) {
            boolean ends = prompt.endsWith("<|assistant|>\n") || prompt.endsWith("<think></think>\n");
            boolean isCall = next == null || next.contains("<|observation|>");
            return ends && isCall ? prompt.substring(0, prompt.length() - 1) : prompt;
        }
    }

    private static final class Glm52 extends Glm {
        @Override
        public String system(String system, Setting setting) {
            if (!setting.thinks()) {
                return system;
            }
            String effort = setting.text("reasoning_effort", "max");
            String said = "Reasoning Effort: " + effort.substring(0, 1).toUpperCase(Locale.ROOT) + effort.substring(1);
            return system == null || system.isEmpty() ? said : said + "<|system|>" + system;
        }
    }

    private static final class GptOss implements Style {
        @Override
        public String system(String system, Setting setting) {
            if (system != null && system.startsWith("<|start|>")) {
                return system;
            }
            String opening = "<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.\n"
                    + "Knowledge cutoff: 2024-06\nCurrent date: " + setting.text("current_date", "2024-06-01")
                    + "\n\nReasoning: " + setting.text("reasoning_effort", "medium")
                    + "\n\n# Valid channels: analysis, commentary, final. "
                    + "Channel must be included for every message.<|end|>";
            return system == null
                    ? opening
                    : opening + "<|start|>developer<|message|># Instructions\n\n" + system + "<|end|>";
        }

        @Override
        public String assistant(String content) {
            return content.startsWith("<|channel|>") ? content : "<|channel|>final<|message|>" + content;
        }
    }

    private static final class Hunyuan implements Style {
        @Override
        public String withoutThinking(String content) {
            String answer = content.substring(Style.behind(content, "<answer>")).stripTrailing();
            String end = "</answer>";
            return (answer.endsWith(end) ? answer.substring(0, answer.length() - end.length()) : answer).strip();
        }
    }

    private static final class HunyuanV3 implements Style {
        private final String mark;

        HunyuanV3(String mark) {
            this.mark = mark;
        }

        @Override
        public String system(String system, Setting setting) {
            String effort = setting.text("reasoning_effort", setting.thinks() ? "high" : "no_think");
            String mode = "<｜reasoning_mode" + mark + "｜>reasoning_effort:" + effort;
            String said = system == null ? "" : system;
            String calls = "you should print </tool_calls" + mark + ">";
            return setting.hasTools() ? said.replace(calls, calls + mode) : said + mode;
        }
    }

    private static final class Kimi implements Style {
        @Override
        public String system(String system, Setting setting) {
            boolean isNamed = system == null || system.contains("<|im_middle|>");
            return isNamed ? system : "system<|im_middle|>" + system;
        }
    }

    private static class Qwen35 implements Style {
        @Override
        public Message message(Message message) {
            String content = message.content().strip();
            return switch (message.role()) {
                case Roles.ASSISTANT -> withContent(message, thought(content));
                case Roles.TOOL_CALL -> message;
                default -> withContent(message, content);
            };
        }

        private static String thought(String content) {
            int end = content.indexOf("</think>");
            if (end < 0 || !content.contains("<think>")) {
                return content;
            }
            String before = content.substring(0, end);
            String reasoning = before.substring(Style.behind(before, "<think>")).strip();
            String answer = content.substring(end + "</think>".length()).replaceFirst("^\n+", "");
            return "<think>\n" + reasoning + "\n</think>\n\n" + answer;
        }
    }

    private static final class Qwen38 extends Qwen35 {
        @Override
        public String system(String system, Setting setting) {
            String instruction = setting.thinks() ? instruction(setting.text("reasoning_effort", "xhigh")) : "";
            if (instruction.isEmpty()) {
                return system;
            }
            return system == null || system.isEmpty() ? instruction : instruction + "\n\n" + system;
        }

        private static String instruction(String effort) {
            return switch (effort) {
                case "xhigh" ->
                    "Reasoning effort is set to xhigh. Please think carefully through the task, validate key "
                            + "assumptions, consider plausible alternatives, and prioritize correctness, consistency, "
                            + "and clarity in the final answer.";
                case "low" ->
                    "Reasoning effort is set to low. Keep your thinking brief and focused, moving directly to "
                            + "the conclusion without unnecessary elaboration.";
                default -> "";
            };
        }
    }
}
