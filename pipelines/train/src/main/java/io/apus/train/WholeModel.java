package io.apus.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.Agreement;
import io.apus.train.checkpoint.HeldPiece;
import io.apus.train.checkpoint.Piece;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * A model whose parts are on several ranks, as files. Rank 0 loads the model that the run began with once more, takes the trained
 * parameters from whoever has them, piece by piece, and writes it as it would have alone: it has to have room for the whole model.
 *
 * @param pieces of the trained parameters and of what the tuner remembers that this rank contributes; over all ranks each element once
 */
record WholeModel(TrainTask task, TrainingData data, Collectives world, List<HeldPiece> pieces) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every rank calls this. Loading and writing may take longer than ranks otherwise wait for each other. */
    void write(Path folder) {
        List<List<Piece>> all = layouts();
        try (Scope scope = Scope.open();
                TrainedModel whole = Agreement.all(world, this::openOnFirst)) {
            SortedMap<String, Tensor> tensors = whole == null ? new TreeMap<>() : places(whole);
            for (int from = 0; from < all.size(); from++) {
                hand(from, all.get(from), tensors);
            }
            Agreement.all(world, () -> {
                if (whole != null) {
                    whole.write(task, folder);
                }
                return null;
            });
        }
    }

    /** The model as the run began with it; null on the other ranks. */
    private TrainedModel openOnFirst() {
        return world.rank() == 0 ? TrainedModel.open(task, data, Device.CPU) : null;
    }

    private static SortedMap<String, Tensor> places(TrainedModel whole) {
        SortedMap<String, Tensor> tensors = whole.tensors();
        tensors.putAll(whole.remembered());
        return tensors;
    }

    /** One rank after the other hands over what it has, so that none waits for rank 0 to come to it. */
    private void hand(int from, List<Piece> layout, SortedMap<String, Tensor> tensors) {
        Agreement.all(world, () -> {
            if (world.rank() == 0) {
                for (int i = 0; i < layout.size(); i++) {
                    place(tensors, layout.get(i), from, i);
                }
            } else if (world.rank() == from) {
                send();
            }
            return null;
        });
    }

    private void send() {
        for (HeldPiece piece : pieces) {
            try (Scope scope = Scope.open()) {
                world.send(piece.tensor().detach().contiguous(), 0).await();
            }
        }
    }

    private void place(Map<String, Tensor> tensors, Piece piece, int from, int index) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor box = tensors.get(piece.name());
            for (int d = 0; d < piece.shape().length; d++) {
                box = box.narrow(d, piece.offset()[d], piece.extent()[d]);
            }
            Tensor values = from == 0 ? pieces.get(index).tensor() : received(piece, box, from);
            if (piece.fillsBox()) {
                box.copy_(values);
            } else {
                Tensor all = box.contiguous();
                all.view(-1).narrow(0, piece.from(), piece.count()).copy_(values);
                box.copy_(all);
            }
        }
    }

    private Tensor received(Piece piece, Tensor like, int from) {
        Tensor arrived = Device.of(like).empty(DType.of(like), piece.heldShape());
        world.receive(arrived, from).await();
        return arrived;
    }

    private List<List<Piece>> layouts() {
        try {
            List<Piece> own = pieces.stream().map(HeldPiece::piece).toList();
            List<List<Piece>> all = new ArrayList<>();
            for (byte[] bytes : world.allGather(JSON.writeValueAsBytes(own))) {
                all.add(List.of(JSON.readValue(bytes, Piece[].class)));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
