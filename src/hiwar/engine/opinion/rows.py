"""A matrix of votes by people and statements, held as the votes are: by person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# So small a matrix is multiplied in full: that is quick, and spares loading the library of sparse
# matrices, which takes longer than a small conversation.
SMALL = 1 << 18


@dataclass(frozen=True, eq=False)
class Rows:
    """One number for each vote; every other cell is zero.

    Attributes
    ----------
    data : ndarray of shape (n_votes,), float
    indices : ndarray of shape (n_votes,), int
        Column of each number; no cell twice.
    indptr : ndarray of shape (N + 1,), int
        Numbers of row ``i`` stand at ``indptr[i]:indptr[i + 1]``.
    shape : tuple of int
        N rows, C columns.
    """

    data: NDArray[np.floating]
    indices: NDArray[np.integer]
    indptr: NDArray[np.integer]
    shape: tuple[int, int]

    @property
    def nnz(self) -> int:
        """Number of cells that hold a number."""
        return len(self.data)

    @cached_property
    def full(self) -> NDArray[np.floating]:
        """Every cell; shape (N, C)."""
        cells = np.zeros(self.shape, self.data.dtype)
        row = np.repeat(np.arange(self.shape[0]), np.diff(self.indptr))
        cells[row, self.indices] = self.data
        return cells

    @cached_property
    def sparse(self) -> csr_array:
        """The same matrix in the library of sparse matrices."""
        from scipy.sparse import csr_array

        # Places as narrow as the columns: else the library widens, and copies, both.
        narrow = self.nnz <= np.iinfo(self.indices.dtype).max
        indptr = self.indptr.astype(self.indices.dtype, copy=False) if narrow else self.indptr
        return csr_array((self.data, self.indices, indptr), shape=self.shape, copy=False)

    @cached_property
    def product(self) -> NDArray[np.floating] | csr_array:
        """Return the matrix as it is best multiplied: dense where it is small, else sparse."""
        return self.full if self.shape[0] * self.shape[1] <= SMALL else self.sparse

    def take(self, chosen: NDArray[np.integer]) -> Rows:
        """Return the given rows, in that order."""
        lengths = np.diff(self.indptr)[chosen]
        indptr = np.zeros(len(chosen) + 1, np.int64)
        np.cumsum(lengths, out=indptr[1:])
        source = np.repeat(self.indptr[chosen] - indptr[:-1], lengths) + np.arange(indptr[-1])
        return Rows(self.data[source], self.indices[source], indptr, (len(chosen), self.shape[1]))

    def reordered(self, order: NDArray[np.integer]) -> Rows:
        """Return the matrix with column ``order[k]`` as column k, sorted within each row."""
        name = np.empty(len(order), np.int32)
        name[order] = np.arange(len(order), dtype=np.int32)
        indices = name[self.indices]
        row = np.repeat(np.arange(self.shape[0]), np.diff(self.indptr))
        at = np.lexsort((indices, row))
        return Rows(self.data[at], indices[at], self.indptr, self.shape)
