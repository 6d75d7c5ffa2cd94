"""shantay"""
