"""Readers: one notation each, from bytes to structs, trees and raw records."""
