/** The engine's worker with the rare decoders in it. */
import '../engine/archive/rare-decoders.ts';
import './engine.worker.ts';
