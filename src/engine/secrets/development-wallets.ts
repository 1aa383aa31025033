/**
 * Keys of the accounts that development networks of Ethereum give to everybody: the first of Hardhat's and Anvil's
 * recovery phrase (20), of Ganache's and Truffle's (10 each), under `m/44'/60'/0'/0`. By their CRC-32, so that none
 * stands here.
 */
import { crc32 } from '../archive/crc32.ts';

const KEYS = new Set([
  0x0af6e73e, 0x2a246f8e, 0x2af8d60a, 0x2d066124, 0x374dfad5, 0x4420f7cf, 0x488192ab, 0x4e56ae37,
  0x5777e5a4, 0x5f5e132e, 0x636b7a41, 0x637d5b59, 0x65af39e5, 0x69fcd336, 0x70de103d, 0x726d0959,
  0x7be54da7, 0x8a73dd69, 0x8ad2c2d9, 0x8c817383, 0x8e8f6ac5, 0x93922a4a, 0x9a6783ed, 0xa59c44e9,
  0xae6a3671, 0xb08b9fce, 0xb91f90e2, 0xbc91018f, 0xbd0ca09b, 0xc274bed5, 0xc3dab30b, 0xc584c1f8,
  0xc5f0acc8, 0xc855564f, 0xca433065, 0xe1ed407f, 0xe9156e2c, 0xf7c5d408, 0xfcc918ea, 0xff5f6362,
]);
const KEY = /^(?:0x)?([0-9a-f]{64})$/i;
const ENCODER = new TextEncoder();

/** Whether a value is the private key of such an account, with or without `0x`. */
export function isDevelopmentKey(value: string): boolean {
  const digits = KEY.exec(value)?.[1];
  return digits !== undefined && KEYS.has(crc32(ENCODER.encode(digits.toLowerCase())));
}
