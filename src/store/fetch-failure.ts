/** Parts of the page are fetched when they are wanted, and the network may be gone by then: told from what browsers say of it. */
const FETCH_FAILED = /dynamically imported module|importing a module script failed|preload CSS|failed to fetch|load failed|error loading dynamically/i;

export const isFetchFailure = (error: unknown): boolean => error instanceof Error && FETCH_FAILED.test(error.message);

export const FETCH_FAILURE = 'A part of the simulator could not be fetched: the network, or the server of this page, is not there. Try again when it is back.';
