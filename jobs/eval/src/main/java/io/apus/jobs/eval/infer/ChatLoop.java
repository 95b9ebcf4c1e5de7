package io.apus.jobs.eval.infer;

import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A chat on a terminal, with ms-swift's commands: {@code multi-line} and {@code single-line} change how a question ends,
 * {@code reset-system} asks for another system prompt, {@code clear} forgets the conversation, {@code quit} or {@code exit} end it; and one of our own: {@code switch-adapter} asks which
 * adapters act from then on.
 */
final class ChatLoop {
    private static final String HELP =
            """
            Type a question. Commands: multi-line (a question ends with a line that ends in #), single-line,
            reset-system (another system prompt), switch-adapter (another adapter, or a mix), clear (forget the
            conversation), quit or exit.""";
    private static final String END_OF_QUESTION = "#";

    private final ChatModel model;
    private final SwitchableModel adapters;
    private final BufferedReader in;
    private final PrintStream out;
    private final boolean stream;
    private final List<Message> history = new ArrayList<>();
    private String system;
    private boolean multiLine;

    /** @param system first system prompt, or null */
    ChatLoop(
            ChatModel model,
            SwitchableModel adapters,
            String system,
            boolean stream,
            BufferedReader in,
            PrintStream out) {
        this.model = model;
        this.adapters = adapters;
        this.system = system;
        this.stream = stream;
        this.in = in;
        this.out = out;
    }

    /** Talks until told to quit, or until the input ends. */
    void run() throws IOException {
        out.println(HELP);
        String input = read();
        while (input != null && !isQuit(input)) {
            act(input);
            input = read();
        }
    }

    private static boolean isQuit(String input) {
        String word = input.strip();
        return word.equals("quit") || word.equals("exit");
    }

    private void act(String input) throws IOException {
        switch (input.strip()) {
            case "" -> {}
            case "multi-line" -> multiLine = true;
            case "single-line" -> multiLine = false;
            case "clear" -> history.clear();
            case "reset-system" -> resetSystem();
            case "switch-adapter" -> switchAdapter();
            default -> ask(input);
        }
    }

    private void resetSystem() throws IOException {
        out.print("system> ");
        out.flush();
        String text = multiLine ? readQuestion() : in.readLine();
        system = text == null || text.isBlank() ? null : text;
        history.clear();
    }

    /** The conversation goes on; a mistyped name is no reason to lose it. */
    private void switchAdapter() throws IOException {
        out.print("adapter (" + adapters.choices() + ")> ");
        out.flush();
        String line = in.readLine();
        try {
            adapters.use(line == null ? List.of() : List.of(line.strip().split("\\s+")));
        } catch (UserError e) {
            out.println(e.getMessage());
        }
    }

    private void ask(String question) {
        List<Message> conversation = new ArrayList<>();
        if (system != null) {
            conversation.add(new Message(Roles.SYSTEM, system));
        }
        conversation.addAll(history);
        conversation.add(new Message(Roles.USER, question));
        String answer = model.answer(conversation, piece -> {
            if (stream) {
                out.print(piece);
                out.flush();
            }
        });
        out.println(stream ? "" : answer);
        history.add(new Message(Roles.USER, question));
        history.add(new Message(Roles.ASSISTANT, answer));
    }

    private String read() throws IOException {
        out.print(multiLine ? "[multi-line]> " : "> ");
        out.flush();
        return multiLine ? readQuestion() : in.readLine();
    }

    /** Lines up to the one that ends in #; a command alone on the first line counts at once. */
    private String readQuestion() throws IOException {
        StringBuilder question = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (question.length() == 0 && isCommand(line.strip())) {
                return line;
            }
            if (line.endsWith(END_OF_QUESTION)) {
                return question.append(line, 0, line.length() - 1).toString();
            }
            question.append(line).append('\n');
        }
        return question.length() == 0 ? null : question.toString();
    }

    private static boolean isCommand(String word) {
        return List.of("multi-line", "single-line", "reset-system", "switch-adapter", "clear", "quit", "exit")
                .contains(word);
    }
}
