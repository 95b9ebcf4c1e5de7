package io.apus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.train.parallel.ThreadRanks;
import io.apus.train.storage.LocalStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of several ranks, read by others. */
class ShardedCheckpointTest {
    private static final Fingerprint RUN = new Fingerprint(new TreeMap<>());
    private static final long[] SHAPE = {12, 10};

    @TempDir
    private Path folder;

    @Test
    void twoRanksWriteTilesAndRangesAndAnyLayoutReadsThem() throws Exception {
        ThreadRanks.run(2, ranks -> {
            Piece half = Piece.box("w", SHAPE, new long[] {0, 5L * ranks.rank()}, new long[] {12, 5});
            Piece range = Piece.whole("m", SHAPE).flat(ranks.rank() == 0 ? 0 : 50, ranks.rank() == 0 ? 50 : 120);
            save(ranks, List.of(half, range));
            return null;
        });

        List<Piece> wanted = List.of(
                Piece.whole("w", SHAPE),
                Piece.box("w", SHAPE, new long[] {3, 2}, new long[] {5, 7}).flat(4, 30),
                Piece.box("m", SHAPE, new long[] {2, 1}, new long[] {9, 3}),
                Piece.whole("m", SHAPE).flat(45, 61));
        ThreadRanks.run(3, ranks -> {
            List<HeldPiece> held = wanted.stream()
                    .map(piece ->
                            new HeldPiece(piece, torch.zeros(piece.heldShape()).to(type(piece))))
                    .toList();
            load(ranks, held);
            for (HeldPiece one : held) {
                assertThat(Torch.toFloats(one.tensor()))
                        .as(one.piece().toString())
                        .isEqualTo(Torch.toFloats(values(one.piece())));
            }
            return null;
        });
    }

    @Test
    void filesAreOrdinarySafetensorsAndWholeTensorsKeepTheirNames() throws Exception {
        ThreadRanks.run(2, ranks -> {
            save(ranks, List.of(ranks.rank() == 0 ? Piece.whole("w", SHAPE) : Piece.whole("m", SHAPE)));
            return null;
        });

        try (Scope scope = Scope.open();
                Stream<Path> files = Files.list(folder.resolve("step-4"))) {
            List<Path> tensors = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
            assertThat(tensors).hasSize(2);
            try (SafeTensorsFile first = SafeTensorsFile.open(tensors.get(0))) {
                assertThat(first.names()).containsExactly("w");
                assertThat(Torch.toFloats(first.tensor("w")))
                        .isEqualTo(Torch.toFloats(values(Piece.whole("w", SHAPE))));
            }
        }
    }

    @Test
    void piecesThatAreNotTheWholeAreNotCommitted() throws Exception {
        List<String> errors = ThreadRanks.run(2, ranks -> {
            Piece piece = Piece.whole("w", SHAPE).flat(60L * ranks.rank(), 60L * ranks.rank() + 59);
            try {
                save(ranks, List.of(piece));
                return "";
            } catch (IllegalStateException e) {
                return e.getMessage();
            }
        });

        assertThat(errors).containsOnly("the checkpoint of step 4 is not whole: w [12, 10]: 118 of 120 elements");
        assertThat(folder.resolve("step-4/manifest.json")).doesNotExist();
    }

    @Test
    void damageThatOneRankFindsStopsAllWithTheSameWords() throws Exception {
        ThreadRanks.run(2, ranks -> {
            save(ranks, List.of(ranks.rank() == 0 ? Piece.whole("w", SHAPE) : Piece.whole("m", SHAPE)));
            return null;
        });
        Path file;
        try (Stream<Path> files = Files.list(folder.resolve("step-4"))) {
            file = files.filter(one -> one.toString().contains("00002-of"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 9] ^= 2;
        Files.write(file, bytes);

        List<String> errors = ThreadRanks.run(2, ranks -> {
            Piece piece = Piece.whole("w", SHAPE);
            Tensor tensor = Torch.zeros(SHAPE);
            try {
                load(ranks, List.of(new HeldPiece(piece, tensor)));
                return "";
            } catch (UserError e) {
                assertThat(Torch.toFloats(tensor)).as("no weight was taken").containsOnly(0);
                return e.getMessage();
            }
        });

        assertThat(errors.get(0)).contains(file.getFileName() + " was changed").isEqualTo(errors.get(1));
    }

    @Test
    void anotherShapeOrTypeIsRefused() throws Exception {
        ThreadRanks.run(1, ranks -> {
            save(ranks, List.of(Piece.whole("w", SHAPE)));
            return null;
        });

        ThreadRanks.run(1, ranks -> {
            assertThatThrownBy(() -> load(ranks, List.of(HeldPiece.whole("w", Torch.zeros(12, 11)))))
                    .hasMessageContaining("w has another shape than in this run: it was [12, 10], is [12, 11]");
            assertThatThrownBy(() -> load(ranks, List.of(HeldPiece.whole("x", Torch.zeros(2)))))
                    .hasMessageContaining("x is not in it");
            Tensor narrow = Torch.zeros(SHAPE).to(DType.BF16.scalarType());
            assertThatThrownBy(() -> load(ranks, List.of(HeldPiece.whole("w", narrow))))
                    .hasMessageContaining("w has another type than in this run: it was F32, is BF16");
            return null;
        });
    }

    private void save(Collectives ranks, List<Piece> pieces) {
        List<HeldPiece> held = pieces.stream()
                .map(piece -> new HeldPiece(piece, values(piece)))
                .toList();
        try (CheckpointSaver saver = new CheckpointSaver(new LocalStorage(folder), null, ranks, true)) {
            saver.begin(4, RUN, new IntNode(4), OptionalInt.empty(), sections(held));
            saver.finish();
        }
    }

    private void load(Collectives ranks, List<HeldPiece> held) {
        Checkpoint.newest(new LocalStorage(folder), ranks).orElseThrow().load(sections(held));
    }

    private static SortedMap<String, ShardedState> sections(List<HeldPiece> held) {
        SortedMap<String, ShardedState> sections = new TreeMap<>();
        sections.put("parameters", new ShardedState() {
            @Override
            public List<HeldPiece> written() {
                return held;
            }

            @Override
            public List<HeldPiece> wanted() {
                return held;
            }
        });
        return sections;
    }

    /** Elements are numbered; those of m have two bytes each. */
    private static Tensor values(Piece piece) {
        float[] all = new float[(int) Piece.count(SHAPE)];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        float[] part = new float[(int) piece.count()];
        Overlap.visit(
                piece,
                Piece.whole(piece.name(), SHAPE),
                (to, from, length) -> System.arraycopy(all, (int) from, part, (int) to, (int) length));
        return Torch.floats(part).view(piece.heldShape()).to(type(piece));
    }

    private static torch.ScalarType type(Piece piece) {
        return (piece.name().equals("m") ? DType.F16 : DType.F32).scalarType();
    }
}
