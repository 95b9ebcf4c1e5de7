package io.apus.corpus.template.named;

import io.apus.corpus.agent.AgentFormat;
import io.apus.corpus.agent.Frame;
import io.apus.corpus.agent.Observation;
import io.apus.corpus.agent.ToolCall;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts messages together to rounds: neighbours of one role join, calls become the assistant's text and results what the model is given,
 * as ms-swift's {@code _swift_prepare_inputs} does.
 */
final class Rounds {
    private final NamedTemplate template;
    private final AgentFormat agent;
    private final List<Message> messages;
    private final List<Round> rounds = new ArrayList<>();
    private String system;

    private Rounds(NamedTemplate template, AgentFormat agent, List<Message> messages) {
        this.template = template;
        this.agent = agent;
        this.messages = messages;
    }

    /** {@code agent} may be null where no message is about tools. */
    static Rounds of(NamedTemplate template, AgentFormat agent, List<Message> messages) {
        Rounds made = new Rounds(template, agent, messages);
        int next = 0;
        while (next < messages.size()) {
            next = made.add(next);
        }
        if (made.rounds.isEmpty()) {
            throw refusal("it has no turn of a user or an assistant");
        }
        return made;
    }

    /** The system text of the conversation, or null. */
    String system() {
        return system;
    }

    List<Round> all() {
        return rounds;
    }

    /** Adds the message at {@code index} and those that belong to it; returns the index behind them. */
    private int add(int index) {
        Message message = messages.get(index);
        return switch (message.role()) {
            case Roles.SYSTEM -> system(message, index);
            case Roles.USER -> user(message, index);
            case Roles.TOOL_CALL -> calls(index);
            case Roles.TOOL_RESPONSE -> results(index);
            default -> says(message.content(), index, index);
        };
    }

    private int system(Message message, int index) {
        if (index > 0) {
            throw refusal("message " + index + " is a system prompt, which may only come first");
        }
        system = message.content();
        return index + 1;
    }

    private int user(Message message, int index) {
        if (isOpen()) {
            if (last().isFromTools()) {
                throw refusal("message " + index + " is the user's, but the assistant has not answered the tools");
            }
            last().give(message.content());
        } else {
            rounds.add(Round.ofUser(message.content()));
        }
        return index + 1;
    }

    private int says(String content, int first, int last) {
        if (rounds.isEmpty()) {
            rounds.add(Round.ofUser(""));
        }
        last().said().add(new Round.Said(content, first, last));
        return last + 1;
    }

    private int calls(int index) {
        int end = endOf(Roles.TOOL_CALL, index);
        List<ToolCall> calls = new ArrayList<>();
        for (Message message : messages.subList(index, end)) {
            calls.add(ToolCall.readOrNull(message.content()));
        }
        if (calls.contains(null)) {
            return says(messages.get(index).content(), index, index);
        }
        boolean hasSaid = !rounds.isEmpty() && !isOpen();
        return says(agent().calls(calls, hasSaid ? last().allSaid() : null), index, end - 1);
    }

    private int results(int index) {
        int end = endOf(Roles.TOOL_RESPONSE, index);
        List<String> results =
                messages.subList(index, end).stream().map(Message::content).toList();
        Frame frame = new Frame(template.chatSep() == null ? "" : template.chatSep(), template.prompt());
        if (rounds.isEmpty() || isOpen()) {
            String text = rounds.isEmpty() ? null : agent().standalone(results, frame);
            if (text == null) {
                throw refusal("message " + index + " is a tool's, but no call comes before it");
            }
            last().give(text);
            return end;
        }
        String said = last().allSaid();
        Observation observation = agent().observe(said, results, frame);
        complete(said, observation.assistant());
        rounds.add(Round.ofTools(observation.text()));
        return end;
    }

    /** Some formats complete what was said, or take its end away. */
    private void complete(String said, String completed) {
        List<Round.Said> texts = last().said();
        Round.Said end = texts.get(texts.size() - 1);
        int kept = said.length() - end.content().length();
        end.replace(completed.substring(Math.min(kept, completed.length())));
    }

    private int endOf(String role, int index) {
        int end = index;
        while (end < messages.size() && messages.get(end).role().equals(role)) {
            end++;
        }
        return end;
    }

    private Round last() {
        return rounds.get(rounds.size() - 1);
    }

    /** Whether the last round waits for the assistant. */
    private boolean isOpen() {
        return !rounds.isEmpty() && last().said().isEmpty();
    }

    private AgentFormat agent() {
        if (agent == null) {
            throw new UserError(
                    "Cannot render calls of tools",
                    "the template " + template.name() + " has no format for them",
                    "Set agent_template.");
        }
        return agent;
    }

    private static UserError refusal(String cause) {
        return new UserError("The template refuses this conversation", cause, "Mend the messages.");
    }
}
