package io.apus.schemas.table;

import java.util.List;

/** The tables that a run publishes. SPEC.md prints them; a test compares the two. */
public final class Tables {
    private static final String MESSAGES = "array<struct<role:string,content:string,loss:boolean,loss_scale:double>>";

    private static final List<Column> KEY = List.of(
            new Column("dataset", "string", false, "dataset as the user named it, without #N"),
            new Column(
                    "dataset_index",
                    "int",
                    false,
                    "position of the dataset in the run, from 0; validation datasets follow"),
            new Column(
                    "row", "bigint", false, "row of the dataset, from 0, over its files in the order of their paths"),
            new Column("copy", "int", false, "0, or the repetition when #N asks for more rows than there are"));

    private static final List<Column> SAMPLE_COLUMNS = List.of(
            new Column("split", "string", false, "train or validation"),
            new Column("messages", MESSAGES, false, "the conversation, in order"),
            new Column("rejected_messages", MESSAGES, true, "the dispreferred conversation of a pair"),
            new Column(
                    "positive_messages",
                    "array<" + MESSAGES + ">",
                    false,
                    "matching conversations (embedding, reranker)"),
            new Column("negative_messages", "array<" + MESSAGES + ">", false, "conversations that do not match"),
            new Column("label", "string", true, "label as JSON text"),
            new Column("margin", "double", true, "reward margin of a pair"),
            new Column("tools", "string", true, "tool definitions as JSON text"),
            new Column("media", "map<string,string>", false, "images, videos, audios, objects as JSON text"),
            new Column("channel", "string", true, "group for per-channel loss"),
            new Column("extra", "map<string,string>", false, "any other column as JSON text"));

    private static final List<TableLayout.Check> SPLIT =
            List.of(new TableLayout.Check("known_split", "split IN ('train', 'validation')"));

    public static final TableLayout SAMPLES =
            new TableLayout("samples", "one normalised sample a row, as ingested", with(KEY, SAMPLE_COLUMNS), SPLIT);

    public static final TableLayout CLEAN =
            new TableLayout("clean", "the samples that passed every filter", with(KEY, SAMPLE_COLUMNS), SPLIT);

    public static final TableLayout REJECTS = new TableLayout(
            "rejects",
            "one refused row a row",
            with(
                    KEY,
                    List.of(
                            new Column("stage", "string", false, "stage that refused it"),
                            new Column("reason", "string", false, "reason code"),
                            new Column("detail", "string", false, "what exactly was wrong"),
                            new Column("raw", "string", false, "the row as read, or the sample as JSON text"))),
            List.of(new TableLayout.Check("has_reason", "length(reason) > 0")));

    public static final TableLayout TOKENS = new TableLayout(
            "tokens",
            "one tokenised conversation, or piece of a split one, a row",
            with(
                    KEY,
                    List.of(
                            new Column("split", "string", false, "train or validation"),
                            new Column("part", "int", false, "0, or the piece of a split sample"),
                            new Column(
                                    "member",
                                    "int",
                                    false,
                                    "position in the sample's group of conversations, from 0; 0 where it is alone"),
                            new Column("kind", "string", false, "messages, rejected, positive or negative"),
                            new Column("length", "int", false, "number of tokens"),
                            new Column("input_ids", "array<int>", false, "token ids"),
                            new Column("loss_weights", "array<float>", false, "weight of each token as a target"))),
            List.of(
                    new TableLayout.Check("ids_have_weights", "size(input_ids) = size(loss_weights)"),
                    new TableLayout.Check("length_is_size", "length = size(input_ids)")));

    public static final TableLayout PLACEMENT = new TableLayout(
            "placement",
            "one tokenised sample, or piece of a split one, in its packed row, a row",
            with(
                    KEY,
                    List.of(
                            new Column("split", "string", false, "train or validation"),
                            new Column("part", "int", false, "0, or the piece of a split sample"),
                            new Column(
                                    "shard", "string", false, "file of the split's folder that holds the packed row"),
                            new Column(
                                    "packed_row", "bigint", false, "packed row, from 0, over the shards of the split"),
                            new Column("position", "int", false, "place among the samples of the packed row, from 0"),
                            new Column("offset", "int", false, "tokens of the packed row in front of it"),
                            new Column("length", "int", false, "its tokens"))),
            List.of(
                    new TableLayout.Check("known_split", "split IN ('train', 'validation')"),
                    new TableLayout.Check("not_empty", "length > 0"),
                    new TableLayout.Check("not_negative", "packed_row >= 0 AND position >= 0 AND offset >= position")));

    public static final TableLayout TAKEN = new TableLayout(
            "taken",
            "one content that a stream has taken in a row",
            with(
                    KEY,
                    List.of(
                            new Column("hash", "string", false, "hash of the sample's content"),
                            new Column("batch", "bigint", false, "batch that took it, from 0"))),
            List.of(
                    new TableLayout.Check("has_hash", "length(hash) > 0"),
                    new TableLayout.Check("known_batch", "batch >= 0")));

    public static final TableLayout SCORES = new TableLayout(
            "scores",
            "one measured item of an evaluation a row",
            List.of(
                    new Column("task", "string", false, "evaluation set"),
                    new Column("kind", "string", false, "perplexity, multiple_choice or generation"),
                    new Column("metric", "string", false, "loss, token_acc, acc, exact_match"),
                    new Column("item", "string", false, "id of the item in its set"),
                    new Column("value", "double", false, "the item's value"),
                    new Column("weight", "double", false, "what it counts for in the mean"),
                    new Column("prompt", "string", false, "what the model was given"),
                    new Column("prediction", "string", false, "what it answered"),
                    new Column("reference", "string", false, "the right answer")),
            List.of(new TableLayout.Check("positive_weight", "weight >= 0")));

    public static final List<TableLayout> ALL = List.of(SAMPLES, CLEAN, REJECTS, TOKENS, PLACEMENT, TAKEN, SCORES);

    private Tables() {}

    private static List<Column> with(List<Column> first, List<Column> second) {
        return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
    }
}
