/*
 * The XDP program of packets.c: gives each frame a source address, and passes it up, or sends it out.
 *
 * Assembled by hand, so that a bare cc builds the benchmark: no clang, no libbpf. Frames are recycled as they were
 * left, so the program writes all that changes, and never builds on what it finds.
 */
#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Offsets in a frame. */
enum {
	IP = 14, /* where the IPv4 header starts */
	IP_ID = IP + 4,
	IP_SOURCE = IP + 12,
	IP_END = IP + 20,
};

/* One instruction each, named as the kernel's filter.h names them. */
#define INSN(CODE, DST, SRC, OFF, IMM) \
	((struct bpf_insn){ .code = (CODE), .dst_reg = (DST), .src_reg = (SRC), .off = (OFF), .imm = (int32_t)(IMM) })
#define MOV_REG(DST, SRC)       INSN(BPF_ALU64 | BPF_MOV | BPF_X, DST, SRC, 0, 0)
#define MOV32_IMM(DST, IMM)     INSN(BPF_ALU | BPF_MOV | BPF_K, DST, 0, 0, IMM)
#define ALU_IMM(OP, DST, IMM)   INSN(BPF_ALU64 | (OP) | BPF_K, DST, 0, 0, IMM)
#define ALU_REG(OP, DST, SRC)   INSN(BPF_ALU64 | (OP) | BPF_X, DST, SRC, 0, 0)
#define TO_BE(DST, BITS)        INSN(BPF_ALU | BPF_END | BPF_TO_BE, DST, 0, 0, BITS)
#define LOAD(SIZE, DST, SRC, OFF)  INSN(BPF_LDX | BPF_MEM | (SIZE), DST, SRC, OFF, 0)
#define STORE(SIZE, DST, SRC, OFF) INSN(BPF_STX | BPF_MEM | (SIZE), DST, SRC, OFF, 0)
#define JUMP_GT(A, B, OFF)      INSN(BPF_JMP | BPF_JGT | BPF_X, A, B, OFF, 0)
#define CALL(HELPER)            INSN(BPF_JMP | BPF_CALL, 0, 0, 0, HELPER)
#define EXIT                    INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof *attr);
}

/*
 * The header checksum covers the source in two halves, and the id. With id = ~(high + low), in ones' complement, the
 * three always add up to 0xffff, which is zero there: the checksum made for source 0 and id 0 stays valid.
 *
 * `action` is XDP_PASS or XDP_TX. Answers a descriptor, or -1 with errno and the verifier's words on stderr.
 */
static int load_program(uint32_t base, uint64_t count, uint32_t action)
{
	const struct bpf_insn program[] = {
		/* r6 = data, or out if the header is not in [data, data_end): the verifier wants to be told. */
		LOAD(BPF_W, BPF_REG_6, BPF_REG_1, offsetof(struct xdp_md, data)),
		LOAD(BPF_W, BPF_REG_7, BPF_REG_1, offsetof(struct xdp_md, data_end)),
		MOV_REG(BPF_REG_1, BPF_REG_6),
		ALU_IMM(BPF_ADD, BPF_REG_1, IP_END),
		MOV32_IMM(BPF_REG_0, XDP_ABORTED),
		JUMP_GT(BPF_REG_1, BPF_REG_7, 22),

		/* r8 = base + (random * count >> 32): uniform, without a division. A count of 1 makes it the base. */
		CALL(BPF_FUNC_get_prandom_u32),
		MOV_REG(BPF_REG_8, BPF_REG_0),
		MOV32_IMM(BPF_REG_1, count - 1), /* 2^32 does not fit, one less does */
		ALU_IMM(BPF_ADD, BPF_REG_1, 1),
		ALU_REG(BPF_MUL, BPF_REG_8, BPF_REG_1),
		ALU_IMM(BPF_RSH, BPF_REG_8, 32),
		MOV32_IMM(BPF_REG_1, base),
		ALU_REG(BPF_ADD, BPF_REG_8, BPF_REG_1),

		/* r1 = ~(high + low); one carry is all that two halves can make. */
		MOV_REG(BPF_REG_1, BPF_REG_8),
		ALU_IMM(BPF_RSH, BPF_REG_1, 16),
		MOV_REG(BPF_REG_2, BPF_REG_8),
		ALU_IMM(BPF_AND, BPF_REG_2, 0xffff),
		ALU_REG(BPF_ADD, BPF_REG_1, BPF_REG_2),
		MOV_REG(BPF_REG_2, BPF_REG_1),
		ALU_IMM(BPF_RSH, BPF_REG_2, 16),
		ALU_REG(BPF_ADD, BPF_REG_1, BPF_REG_2),
		ALU_IMM(BPF_XOR, BPF_REG_1, 0xffff),

		TO_BE(BPF_REG_1, 16),
		STORE(BPF_H, BPF_REG_6, BPF_REG_1, IP_ID),
		TO_BE(BPF_REG_8, 32),
		STORE(BPF_W, BPF_REG_6, BPF_REG_8, IP_SOURCE),
		MOV32_IMM(BPF_REG_0, action),
		EXIT,
	};
	static char log[16384];
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)program,
		.insn_cnt = sizeof program / sizeof *program,
		.license = (uintptr_t)"Dual MIT/GPL",
		.log_buf = (uintptr_t)log,
		.log_size = sizeof log,
		.log_level = 1,
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0)
		fputs(log, stderr);
	return fd;
}
