package io.apus.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes models of our own making in the ONNX format (onnx.proto3, operator set 13): the rows of a table by token id, and the sum of these over the
 * tokens of a text.
 */
final class TinyOnnx {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private TinyOnnx() {}

    /** Inputs input_ids and attention_mask [texts, tokens], output last_hidden_state [texts, tokens, width]. */
    static void embedding(Path file, float[][] table) throws IOException {
        Message graph = inputs(table)
                .add(1, node("Gather", "table", "input_ids", "vectors"))
                .add(1, node("Unsqueeze", "attention_mask", "last", "column"))
                .add(1, node("Cast", "column", null, "mask").add(5, attribute("to", FLOAT)))
                .add(1, node("Mul", "vectors", "mask", "last_hidden_state"))
                .add(12, value("last_hidden_state", FLOAT, "texts", "tokens", "width"));
        write(file, graph);
    }

    /** As above, output logits [texts, width]: the sum of the table's rows over the tokens. */
    static void classifier(Path file, float[][] table) throws IOException {
        Message graph = inputs(table)
                .add(1, node("Gather", "table", "input_ids", "vectors"))
                .add(1, node("Unsqueeze", "attention_mask", "last", "column"))
                .add(1, node("Cast", "column", null, "mask").add(5, attribute("to", FLOAT)))
                .add(1, node("Mul", "vectors", "mask", "masked"))
                .add(1, node("ReduceSum", "masked", "first", "logits").add(5, attribute("keepdims", 0)))
                .add(12, value("logits", FLOAT, "texts", "width"));
        write(file, graph);
    }

    private static Message inputs(float[][] table) {
        ByteBuffer floats =
                ByteBuffer.allocate(4 * table.length * table[0].length).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : table) {
            for (float value : row) {
                floats.putFloat(value);
            }
        }
        Message weights = new Message()
                .add(1, table.length)
                .add(1, table[0].length)
                .add(2, FLOAT)
                .add(8, "table")
                .add(9, floats.array());
        return new Message()
                .add(2, "tiny")
                .add(5, weights)
                .add(5, axis("last", 2))
                .add(5, axis("first", 1))
                .add(11, value("input_ids", INT64, "texts", "tokens"))
                .add(11, value("attention_mask", INT64, "texts", "tokens"));
    }

    private static Message axis(String name, long axis) {
        byte[] value = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(axis)
                .array();
        return new Message().add(1, 1).add(2, INT64).add(8, name).add(9, value);
    }

    private static Message node(String operator, String first, String second, String output) {
        Message node = new Message().add(1, first);
        if (second != null) {
            node.add(1, second);
        }
        return node.add(2, output).add(4, operator);
    }

    private static Message attribute(String name, int value) {
        return new Message().add(1, name).add(3, value).add(20, 2);
    }

    private static Message value(String name, int type, String... dimensions) {
        Message shape = new Message();
        for (String dimension : dimensions) {
            shape.add(1, new Message().add(2, dimension));
        }
        Message tensor = new Message().add(1, type).add(2, shape);
        return new Message().add(1, name).add(2, new Message().add(1, tensor));
    }

    private static void write(Path file, Message graph) throws IOException {
        Message operators = new Message().add(1, "").add(2, 13);
        Message model = new Message().add(1, 8).add(8, operators).add(7, graph);
        Files.write(file, model.bytes.toByteArray());
    }

    /** A protocol buffer in the making: fields of numbers, texts, bytes and messages. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message add(int field, long number) {
            varint((long) field << 3);
            varint(number);
            return this;
        }

        Message add(int field, String text) {
            return add(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message add(int field, Message message) {
            return add(field, message.bytes.toByteArray());
        }

        Message add(int field, byte[] content) {
            varint(((long) field << 3) | 2);
            varint(content.length);
            bytes.writeBytes(content);
            return this;
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                bytes.write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }
    }
}
