/*
 * The attempts at one cell of a study, as a model for spin; build/model tries every way in which several processes can mix their operations on files.
 * The order is that of CellWorker, CellLease, CellAttempts and CellPlace beside this file. A process may die between any two operations, and another is
 * started for it; it may be suspended there for any time. Time is not counted: a record that says "running" may grow silent at any moment though its
 * process lives, as where clocks jump, a machine sleeps or a server is slow. The record of a dead process counts as silent at once.
 *
 * What holds for WORKERS processes, of which up to DEATHS die, and up to SILENCES silences of the living, where the cell's folder holds FIRST to begin with:
 *   apart   no process begins to write into a run folder into which another one writes
 *   kept    a result that was published is never gone: it is in the cell's folder, or was moved aside by a process that is about to publish
 *   done    in the end the cell has its result, every process knows, and nothing waits for ever
 *
 * Not in the model: a retry of a cell that failed by itself (its numbers begin at 1 again, so that a process of before would have to sleep through all of
 * it; RunFolder.Hold keeps it out where file systems lock), and what one operation leaves behind that the machine does not finish.
 */
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef SILENCES
#define SILENCES 1
#endif
#ifndef FIRST
#define FIRST NOTHING
#endif
#define NUMBERS (WORKERS + DEATHS + SILENCES + 1) /* more attempts than there can be */

#define NOTHING 0
#define USELESS 1 /* a run folder that ended without a model; a retry replaces it */
#define USEFUL  2

byte record[NUMBERS + 2]; /* attempts/ab/hash/N.json: the process that wrote it; 0: none */
bool silent[NUMBERS + 2]; /* its last sign of life is longer ago than AttemptRecord.Patience */
bool living[NUMBERS + 2]; /* its process lives */
byte writers[NUMBERS + 2]; /* processes that write to the run folder of that number */
byte place = FIRST; /* the cell's run folder */
byte aside[WORKERS + 1]; /* what a process moved out of there */
byte deaths, silences, finished;
bool published;

#define IS_MINE (record[mine] == me && record[mine + 1] == 0)

inline leave() { if :: inside -> writers[mine]--; inside = false :: else fi }

inline mayDie() {
    if
    :: atomic { deaths < DEATHS -> deaths++; leave(); living[mine] = false; mine = 0; goto begin }
    :: true
    fi
}

/* CellPlace.Tidy: lists first, then looks for each */
inline tidy() {
    d_step { i = 1; do :: i <= WORKERS -> seen[i] = aside[i]; i++ :: else -> break od }
    i = 1;
    do
    :: i <= WORKERS ->
        if
        :: seen[i] == NOTHING
        :: seen[i] != NOTHING ->
            if
            :: place == USEFUL || seen[i] == USELESS -> aside[i] = NOTHING
            :: else -> atomic { if :: place == NOTHING && aside[i] != NOTHING -> place = aside[i]; aside[i] = NOTHING :: else fi }
            fi
        fi;
        i++
    :: else -> break
    od
}

proctype Worker(byte me) {
    byte mine, last, i, beats;
    byte seen[WORKERS + 1];
    bool inside;
begin: skip;
    d_step { beats = 0; last = NUMBERS; do :: last > 0 && record[last] == 0 -> last-- :: else -> break od }
    if
    :: atomic { last == 0 && place == USEFUL -> goto knows }
    :: atomic { last > 0 && record[last] != 0 && living[last] && !silent[last] -> goto begin } /* CellOutcome.Taken: it looks again later */
    :: else
    fi;
    /* CellLease.TryBegin: only one makes the file after the one that it saw */
    atomic {
        if
        :: record[last + 1] != 0 -> goto begin
        :: else -> mine = last + 1; assert(mine <= NUMBERS); record[mine] = me; living[mine] = true; silent[mine] = false
        fi
    }
    mayDie();
    tidy();
    mayDie();
    if :: place == USEFUL -> goto clear :: else fi;
    atomic { assert(writers[mine] == 0); writers[mine]++; inside = true } /* apart */
    /* training; CellLease.Beat looks whether the record is its own, and writes it then */
    do
    :: beats < 1 ->
        beats++;
        if :: atomic { !IS_MINE -> leave(); living[mine] = false; goto begin } :: IS_MINE fi;
        mayDie();
        atomic { record[mine] = me; silent[mine] = false }
    :: break
    od;
    if :: atomic { !IS_MINE -> leave(); living[mine] = false; goto begin } :: IS_MINE fi;
    mayDie();
publish: /* CellPlace.Publish */
    if :: place == USEFUL -> goto clear :: else fi;
    mayDie();
    if
    :: place == NOTHING
    :: place != NOTHING ->
#ifdef TRUSTING /* as it was: what it saw a moment ago is what it moves, and goes with the attempts */
        atomic { place = NOTHING }
#else
        atomic { if :: place != NOTHING -> aside[me] = place; place = NOTHING :: else -> goto publish fi }
#endif
    fi;
    mayDie();
    atomic { if :: place == NOTHING -> place = USEFUL; published = true :: else -> goto publish fi }
    mayDie();
clear: /* CellLease.EndWithResult: one file after the other */
    leave();
    i = 1;
    do :: i <= NUMBERS -> record[i] = 0; living[i] = false; i++ :: else -> break od;
    tidy();
    if :: place == USEFUL :: else -> mine = 0; goto begin fi;
knows:
    finished++
}

active proctype Time() {
    byte n;
end:
    do
    :: silences < SILENCES -> select(n : 1 .. NUMBERS); atomic { if :: record[n] != 0 && living[n] -> silent[n] = true; silences++ :: else fi }
    :: silences >= SILENCES -> break
    od
}

init { byte w; atomic { w = 1; do :: w <= WORKERS -> run Worker(w); w++ :: else -> break od } }

#if WORKERS == 2
#define IS_ASIDE (aside[1] == USEFUL || aside[2] == USEFUL)
#else
#define IS_ASIDE (aside[1] == USEFUL || aside[2] == USEFUL || aside[3] == USEFUL)
#endif

ltl kept { [] (published -> (place == USEFUL || IS_ASIDE)) }
ltl done { <> [] (finished == WORKERS && place == USEFUL) }
