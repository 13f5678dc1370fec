"""The primitives of a transparency log, as C2SP writes them: Merkle trees, tiles, signed notes, checkpoints, proofs,
witnesses and policies. Nothing here reads a file, a clock or randomness, and every parser takes one spelling only: what
it refuses, it refuses with a ValueError whose message is a sentence for the person who handed the file in."""
