/*
 * The attempts at one cell of a study, as a model for spin; build/model tries every way in which several processes can mix their operations on files.
 * The order is that of CellWorker, CellLease, CellAttempts and CellPlace beside this file. A process may die between any two operations, and another is
 * started for it; it may be suspended there for any time. Time is not counted: a record that says "running" may grow silent at any moment though its
 * process lives, as where clocks jump, a machine sleeps or a server is slow. The record of a dead process counts as silent at once.
 *
 * What holds for WORKERS processes, of which up to DEATHS die, up to SILENCES silences of the living, and up to FAILURES trainings that end without a model and are
 * tried again, where the cell's folder holds FIRST to begin with:
 *   apart   no process begins to write into a run folder into which another one writes
 *   kept    a result that was published is never gone: it is in the cell's folder, or was moved aside by a process that is about to publish
 *   done    in the end the cell has its result, every process knows, and nothing waits for ever
 *
 * Not in the model: the copy of what earlier attempts trained (CellPlace.Prepare), attempts that stop by themselves, locks of folders, ledgers, and what one operation
 * leaves behind that the machine does not finish.
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
#ifndef FAILURES
#define FAILURES 0
#endif
#ifndef FIRST
#define FIRST NOTHING
#endif
#define NUMBERS (WORKERS + DEATHS + SILENCES + FAILURES + 1) /* more attempts than there can be */

#define NOTHING 0
#define USELESS 1 /* a run folder that ended without a model; a retry replaces it */
#define USEFUL  2

byte record[NUMBERS + 2]; /* attempts/ab/hash/N.json: the process that wrote it; 0: none */
bool silent[NUMBERS + 2]; /* its last sign of life is longer ago than AttemptRecord.Patience */
bool living[NUMBERS + 2]; /* its process lives */
byte writers[NUMBERS + 2]; /* processes that write to the run folder of that number */
byte place = FIRST; /* the cell's run folder */
byte aside[WORKERS + 1]; /* results of use that a process moved out of there; what is of none goes at once */
byte deaths, silences, failures, finished;
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
        :: seen[i] == 0
        :: seen[i] > 0 ->
            if
            :: place == USEFUL -> aside[i] = (aside[i] > seen[i] -> aside[i] - seen[i] : 0)
            :: else -> atomic { if :: place == NOTHING && aside[i] > 0 -> place = USEFUL; aside[i]-- :: else fi }
            fi
        fi;
        i++
    :: else -> break
    od
}

proctype Worker(byte me) {
    byte mine, last, i, beats;
    byte seen[WORKERS + 1];
    byte result;
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
    atomic { result = USEFUL; if :: failures < FAILURES -> failures++; result = USELESS :: true fi }
publish: /* CellPlace.Publish */
    if :: place == USEFUL -> goto clear :: else fi;
    mayDie();
    if
    :: place == NOTHING
    :: place != NOTHING ->
#ifdef TRUSTING /* as it was: what it saw a moment ago is what it moves, and goes with the attempts */
        atomic { place = NOTHING }
#else
        atomic { if :: place == NOTHING -> goto publish :: place == USEFUL -> aside[me]++ :: else fi; place = NOTHING }
#endif
    fi;
    mayDie();
#ifndef REPLACING /* as it was: another's result that was moved aside was replaced by its own */
    tidy();
    if :: place == USEFUL -> goto clear :: else fi;
    mayDie();
#endif
    atomic { if :: place == NOTHING -> place = result :: else -> goto publish fi; if :: result == USEFUL -> published = true :: else fi }
    mayDie();
    if :: result == USEFUL -> goto clear :: else fi;
#ifndef RESTARTING
    /* CellLease.EndWithoutModel: the record stays as that of a failure, and what is before it goes; the next begins as a retry does */
    if :: atomic { !IS_MINE -> leave(); living[mine] = false; goto begin } :: IS_MINE fi;
    mayDie();
    atomic { record[mine] = me; leave(); living[mine] = false }
    if :: record[mine + 1] != 0 -> goto begin :: else fi;
    i = 1;
    do :: i < mine -> record[i] = 0; living[i] = false; i++ :: else -> break od;
    tidy();
    goto begin;
#endif
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
#define IS_ASIDE (aside[1] > 0 || aside[2] > 0)
#else
#define IS_ASIDE (aside[1] > 0 || aside[2] > 0 || aside[3] > 0)
#endif

ltl kept { [] (published -> (place == USEFUL || IS_ASIDE)) }
ltl done { <> [] (finished == WORKERS && place == USEFUL) }
