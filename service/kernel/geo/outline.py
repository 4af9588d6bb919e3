"""The soft outline of built-up land: where there are towns, and a little beyond."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

Points = NDArray[np.float64]
# A town reaches half of this far beyond its point: about half the way to the towns next to it.
REACH_OF_SPACING: Final = 1.2
REACH_LIMITS_KM: Final = (0.5, 4.0)
BAY_KM: Final = 0.5
BAY_STEPS: Final = 3.0
GRID_NODES: Final = 150
FINEST_STEP_KM: Final = 0.12


def surround(points: Points) -> Points:
    """Places (km, shape (m, 2)) all around the towns' points where nobody lives.

    Given to a Voronoi diagram together with the towns they end every outer cell half-way between the town and
    nowhere, so that the coast and the edge of the data come out as soft lines without any clipping.
    """
    reach = reach_of(points)
    step = max(FINEST_STEP_KM, float(np.ptp(points, axis=0).max()) / GRID_NODES)
    bay = max(BAY_KM, BAY_STEPS * step)
    margin = float(reach.max()) + bay + 4 * step
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    xs, ys = (np.arange(low[axis], high[axis] + step, step) for axis in (0, 1))
    nodes = np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1)
    land = _close_bays(_near_a_town(points, reach, nodes), bay / step)
    shore = ~land & (ndimage.distance_transform_edt(~land) <= 2.5)
    ghosts: Points = nodes[shore]
    return ghosts


def reach_of(points: Points) -> NDArray[np.float64]:
    """How far the land around each town goes on, from the distance to the three towns next to it (km)."""
    neighbours = min(4, len(points))
    if neighbours == 1:
        return np.full(1, REACH_LIMITS_KM[0])
    spacing = cKDTree(points).query(points, k=neighbours)[0][:, 1:].mean(axis=1)
    reach: NDArray[np.float64] = np.clip(REACH_OF_SPACING * spacing, *REACH_LIMITS_KM)
    return reach


def _near_a_town(points: Points, reach: NDArray[np.float64], nodes: Points) -> NDArray[np.bool_]:
    neighbours = min(6, len(points))
    km, at = cKDTree(points).query(nodes, k=[*range(1, neighbours + 1)])
    near: NDArray[np.bool_] = (km <= reach[at]).any(axis=-1)
    return near


def _close_bays(land: NDArray[np.bool_], steps: float) -> NDArray[np.bool_]:
    """Land without gaps narrower than twice so many grid steps and without holes: a wooded hill is not a lake."""
    grown = ndimage.distance_transform_edt(~land) <= steps
    closed: NDArray[np.bool_] = ndimage.binary_fill_holes(ndimage.distance_transform_edt(grown) > steps)
    return closed | land
