"""Wrong answers to the functions of the notebook on distances."""

import numpy as np

from tests.exercises.wrong_functions.tagging import odd, pair, wrong


@wrong("l1_two_loops", "no absolute value", "no_absolute_value")
def two_no_abs(X_test, X_train):
    num_test = X_test.shape[0]
    num_train = X_train.shape[0]
    X_test = X_test.astype(float)
    X_train = X_train.astype(float)
    dists = np.zeros((num_test, num_train))
    for i in range(num_test):
        for j in range(num_train):
            dists[i, j] = np.sum(X_test[i] - X_train[j])
    return dists


@wrong("l1_two_loops", "uint8 differences wrap around", "uint8_wraps_around")
def two_uint8(X_test, X_train):
    dists = np.zeros((len(X_test), len(X_train)))
    for i in range(len(X_test)):
        for j in range(len(X_train)):
            dists[i][j] = np.sum(np.abs(X_test[i, :] - X_train[j, :]))
    return dists


@wrong("l1_two_loops", "squares: the Euclidean distance", "euclidean")
def two_euclid(X_test, X_train):
    A = X_test.astype(float)
    B = X_train.astype(float)
    D = np.zeros((A.shape[0], B.shape[0]))
    for i in range(A.shape[0]):
        for j in range(B.shape[0]):
            d = A[i] - B[j]
            D[i, j] = np.sqrt(np.dot(d, d))
    return D


@wrong("l1_two_loops", "the table is turned: a row for each training image", "transposed_table")
def two_turned(X_test, X_train):
    a = X_test.astype("float64")
    b = X_train.astype("float64")
    d = np.empty((len(b), len(a)))
    for i, p in enumerate(b):
        for j, q in enumerate(a):
            d[i, j] = np.abs(p - q).sum()
    return d


@wrong("l1_two_loops", "the mean of the differences, not their sum", "mean_of_differences")
def two_mean(X_test, X_train):
    result = []
    for t in X_test:
        line = []
        for r in X_train:
            line.append(np.mean(np.abs(t * 1.0 - r)))
        result.append(line)
    return np.array(result)


@wrong("l1_two_loops", "return inside the loop over test images", "returns_inside_the_loop")
def two_early_return(X_test, X_train):
    X_test = np.asarray(X_test, dtype=float)
    X_train = np.asarray(X_train, dtype=float)
    dists = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        for j in range(X_train.shape[0]):
            dists[i, j] = np.abs(X_test[i] - X_train[j]).sum()
        return dists


@wrong("l1_two_loops", "the absolute value of the sum", "absolute_value_after_the_sum")
def two_abs_of_sum(X_test, X_train):
    a, b = X_test * 1.0, X_train * 1.0
    out = np.zeros((a.shape[0], b.shape[0]))
    for i in range(a.shape[0]):
        for j in range(b.shape[0]):
            out[i, j] = abs(np.sum(a[i] - b[j]))
    return out


@pair(
    "l1_two_loops",
    "uint8 differences wrap around, and the Euclidean distance",
    "euclidean",
    "uint8_wraps_around",
)
def two_uint8_euclid(X_test, X_train):
    m, n = len(X_test), len(X_train)
    dist = np.zeros((m, n))
    for i in range(m):
        for j in range(n):
            dist[i, j] = np.sqrt(np.sum((X_test[i] - X_train[j]) ** 2))
    return dist


@odd("l1_two_loops", "the largest difference instead of the sum", "largest_difference")
def two_largest(X_test, X_train):
    a, b = X_test.astype(float), X_train.astype(float)
    out = np.zeros((a.shape[0], b.shape[0]))
    for i in range(a.shape[0]):
        for j in range(b.shape[0]):
            out[i, j] = np.abs(a[i] - b[j]).max()
    return out


@wrong("l1_one_loop", "uint8 differences wrap around", "uint8_wraps_around")
def one_uint8(X_test, X_train):
    dists = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        dists[i, :] = np.sum(np.abs(X_train - X_test[i, :]), axis=1)
    return dists


@wrong("l1_one_loop", "a sum without axis", "sum_without_an_axis")
def one_no_axis(X_test, X_train):
    a, b = X_test.astype(float), X_train.astype(float)
    dists = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        dists[i] = np.sum(np.abs(a[i] - b))
    return dists


@wrong("l1_one_loop", "summed along the wrong axis", "sum_over_the_training_images")
def one_wrong_axis(X_test, X_train):
    X_test = X_test.astype(float)
    X_train = X_train.astype(float)
    dists = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        dists[i, :] = np.abs(X_train - X_test[i]).sum(axis=0)
    return dists


@wrong("l1_one_loop", "no absolute value", "no_absolute_value")
def one_no_abs(X_test, X_train):
    rows = []
    for t in X_test.astype(float):
        rows.append((X_train.astype(float) - t).sum(axis=1))
    return np.stack(rows)


@wrong("l1_one_loop", "the dot product as distance", "dot_product")
def one_dot(X_test, X_train):
    dists = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i in range(X_test.shape[0]):
        dists[i] = X_train.astype(float) @ X_test[i].astype(float)
    return dists


@wrong("l1_one_loop", "return forgotten", "return_forgotten")
def one_no_return(X_test, X_train):
    num_test, num_train = len(X_test), len(X_train)
    dists = np.zeros((num_test, num_train))
    for i in range(num_test):
        dists[i] = np.abs(X_train.astype(float) - X_test[i]).sum(axis=1)


@pair(
    "l1_one_loop",
    "no absolute value, and uint8 wraps around",
    "no_absolute_value",
    "uint8_wraps_around",
)
def one_no_abs_uint8(X_test, X_train):
    dists = np.zeros((X_test.shape[0], X_train.shape[0]))
    for i, row in enumerate(X_test):
        dists[i] = np.sum(row - X_train, axis=1)
    return dists


@odd("l1_one_loop", "the distance to the row before is carried on")
def one_carried_on(X_test, X_train):
    a, b = X_test.astype(float), X_train.astype(float)
    dists = np.zeros((len(a), len(b)))
    row = np.zeros(len(b))
    for i in range(len(a)):
        row = row + np.abs(b - a[i]).sum(axis=1)
        dists[i] = row
    return dists


@odd("l1_one_loop", "every entry of a row is the distance to the first training image")
def one_rows_of_train(X_test, X_train):
    a, b = X_test.astype(float), X_train.astype(float)
    d = np.zeros((len(a), len(b)))
    for j in range(len(a)):
        d[j] = np.abs(a[j] - b[0]).sum()
    return d


@wrong("l1_no_loops", "uint8 differences wrap around", "uint8_wraps_around")
def no_uint8(X_test, X_train):
    return np.abs(X_test[:, None, :] - X_train[None, :, :]).sum(axis=2)


@wrong("l1_no_loops", "a row for each training image", "transposed_table")
def no_turned(X_test, X_train):
    a = X_test[np.newaxis, :, :].astype(float)
    b = X_train[:, np.newaxis, :].astype(float)
    return np.sum(np.abs(a - b), axis=-1)


@wrong("l1_no_loops", "the Euclidean distance by the expanded square", "euclidean")
def no_euclid(X_test, X_train):
    a, b = X_test.astype(float), X_train.astype(float)
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None, :] - 2 * a @ b.T
    return np.sqrt(np.maximum(squares, 0))


@wrong("l1_no_loops", "summed over the training images", "sum_over_the_training_images")
def no_wrong_axis(X_test, X_train):
    diff = X_test[:, None].astype(float) - X_train[None].astype(float)
    return np.abs(diff).sum(axis=1)


@wrong(
    "l1_no_loops",
    "differences of sums: the features are added first",
    "absolute_value_after_the_sum",
)
def no_sums_first(X_test, X_train):
    s = np.sum(X_test.astype(float), axis=1)
    t = np.sum(X_train.astype(float), axis=1)
    return np.abs(s.reshape(-1, 1) - t.reshape(1, -1))


@wrong("l1_no_loops", "no axis added: works only where shapes happen to fit", "new_axes_forgotten")
def no_broadcast(X_test, X_train):
    return np.sum(np.abs(X_test.astype(float) - X_train.astype(float)), axis=1)


@pair(
    "l1_no_loops",
    "squares instead of absolute values, and uint8 wraps around",
    "squares",
    "uint8_wraps_around",
)
def no_squares_uint8(X_test, X_train):
    d = X_test[:, None] - X_train[None, :]
    return (d**2).sum(axis=-1)


@odd("l1_no_loops", "everything is made whole: fractions are cut", "truncated_to_whole_numbers")
def no_int16(X_test, X_train):
    d = np.abs(X_test[:, None].astype(np.int16) - X_train[None].astype(np.int16))
    return d.sum(axis=2)


@wrong("knn_predict", "the nearest neighbour only, k ignored", "nearest_image_only")
def knn_nearest(distances, y_train, k):
    out = []
    for row in distances:
        out.append(y_train[np.argmin(row)])
    return np.array(out)


@wrong("knn_predict", "takes the k farthest", "farthest_images")
def knn_farthest(distances, y_train, k):
    num_test = distances.shape[0]
    y_pred = np.zeros(num_test)
    for i in range(num_test):
        order = np.argsort(distances[i])[::-1]
        closest = y_train[order[:k]]
        labels, counts = np.unique(closest, return_counts=True)
        y_pred[i] = labels[counts.argmax()]
    return y_pred


@wrong("knn_predict", "in a draw the nearest label wins", "nearest_label_wins_a_draw")
def knn_first_seen(distances, y_train, k):
    from collections import Counter

    result = []
    for i in range(len(distances)):
        nearest = [y_train[j] for j in np.argsort(distances[i])[:k]]
        result.append(Counter(nearest).most_common(1)[0][0])
    return np.array(result)


@wrong("knn_predict", "in a draw the larger label wins", "larger_label_wins_a_draw")
def knn_larger(distances, y_train, k):
    pred = np.zeros(len(distances), dtype=int)
    for i, d in enumerate(distances):
        votes = {}
        for j in np.argsort(d)[:k]:
            votes[y_train[j]] = votes.get(y_train[j], 0) + 1
        best = None
        for label in sorted(votes):
            if best is None or votes[label] >= votes[best]:
                best = label
        pred[i] = best
    return pred


@wrong(
    "knn_predict",
    "returns places among the training images instead of labels",
    "places_instead_of_labels",
)
def knn_places(distances, y_train, k):
    idx = np.argsort(distances, axis=1)[:, :k]
    return np.array([np.bincount(row).argmax() for row in idx])


@wrong("knn_predict", "the mean of the labels", "mean_of_the_labels")
def knn_mean(distances, y_train, k):
    idx = np.argpartition(distances, k - 1, axis=1)[:, :k]
    return np.rint(y_train[idx].mean(axis=1)).astype(int)


@wrong("knn_predict", "one neighbour too many")
def knn_k_plus_one(distances, y_train, k):
    y = []
    for d in distances:
        near = y_train[d.argsort()[: k + 1]]
        y.append(np.bincount(near).argmax())
    return np.array(y)


@wrong(
    "knn_predict",
    "the nearest is skipped, as if it were the image itself",
    "nearest_image_left_out",
)
def knn_skips_first(distances, y_train, k):
    out = np.zeros(distances.shape[0], dtype=int)
    for i in range(distances.shape[0]):
        order = np.argsort(distances[i])
        near = y_train[order[1 : k + 1]]
        out[i] = np.bincount(near).argmax() if len(near) else -1
    return out


@pair("knn_predict", "the k farthest, and in a draw the first seen", "farthest_images")
def knn_farthest_first(distances, y_train, k):
    preds = []
    for row in distances:
        labels = list(y_train[np.argsort(-row)[:k]])
        preds.append(max(labels, key=labels.count))
    return np.array(preds)


@odd("knn_predict", "votes weighed by distance", "nearest_label_wins_a_draw")
def knn_weighed(distances, y_train, k):
    res = []
    for row in distances:
        order = np.argsort(row)[:k]
        score = {}
        for j in order:
            score[y_train[j]] = score.get(y_train[j], 0) + 1 / (row[j] + 1e-9)
        res.append(max(score, key=score.get))
    return np.array(res)


@odd("knn_predict", "the largest of the k nearest labels")
def knn_largest_label(distances, y_train, k):
    return y_train[np.argsort(distances, axis=1)[:, :k]].max(axis=1)


@pair("l1_two_loops", "no absolute value, and the mean instead of the sum", "no_absolute_value")
def two_no_abs_mean(X_test, X_train):
    out = np.zeros((len(X_test), len(X_train)))
    for i in range(len(X_test)):
        for j in range(len(X_train)):
            out[i, j] = np.mean(X_test[i] * 1.0 - X_train[j])
    return out


@pair(
    "l1_one_loop",
    "squares instead of absolute values, and a sum without axis",
    "squares",
    "sum_without_an_axis",
)
def one_squares_no_axis(X_test, X_train):
    out = np.zeros((len(X_test), len(X_train)))
    for i in range(len(X_test)):
        out[i] = np.sum((X_test[i].astype(float) - X_train) ** 2)
    return out


@pair(
    "l1_no_loops",
    "no absolute value, and a row for each training image",
    "no_absolute_value",
    "transposed_table",
)
def no_no_abs_turned(X_test, X_train):
    d = X_train[:, None, :].astype(float) - X_test[None, :, :]
    return d.sum(axis=2)


@pair(
    "knn_predict",
    "one neighbour too many, and in a draw the larger label wins",
    "larger_label_wins_a_draw",
)
def knn_k_plus_one_larger(distances, y_train, k):
    out = []
    for d in distances:
        near = y_train[np.argsort(d)[: k + 1]]
        counts = np.bincount(near)
        out.append(len(counts) - 1 - np.argmax(counts[::-1]))
    return np.array(out)
